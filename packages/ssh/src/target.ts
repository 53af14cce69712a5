import type { SshConfiguration } from './ssh-configuration.ts';
import type { SshHost } from './ssh-host.ts';

/** Whom a check is about: what was typed, and what ssh makes of it. */
export type SshTarget = { readonly host: SshHost; readonly configuration: SshConfiguration };

/** `alice@node1`, as ssh understands it. */
export function account({ host, configuration }: SshTarget): string {
  return `${configuration.user}@${host.name}`;
}

/** The words that log in to a host. */
export function loginWords({ user, name, port }: SshHost): readonly string[] {
  return [
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', `${port}`]),
    '--',
    name,
  ];
}

/** The command that a person types to log in. */
export function loginCommand({ user, name, port }: SshHost, options = ''): string {
  const where = user === undefined ? name : `${user}@${name}`;
  return ['ssh', options, port === undefined ? '' : `-p ${port}`, where]
    .filter((word) => word !== '')
    .join(' ');
}
