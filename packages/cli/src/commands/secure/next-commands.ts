import { hasKey } from '@docker-mtls/authority';
import type { Entry } from '@docker-mtls/ca-directory';
import path from 'node:path';
import { restartWords } from '@docker-mtls/engine';
import type { DaemonOutcome } from '@docker-mtls/engine';
import { shellWord } from '@docker-mtls/errors';
import { bracketed, engineAddresses } from '@docker-mtls/secure/proof';
import type { Address } from '@docker-mtls/secure';

export type NextSubject = {
  /** Where the engine is reached. */
  readonly listens: readonly string[];
  readonly server: Entry;
  readonly clients: readonly Entry[];
  readonly daemon: DaemonOutcome;
  readonly proven: boolean;
  /** Is the engine on another machine for certain? */
  readonly elsewhere: boolean;
};

/** The exact commands that come next, to copy and paste; none where no key is here to try with. */
export function nextCommands({ server, clients, ...subject }: NextSubject): readonly string[] {
  const [address] = engineAddresses(subject.listens, server);
  const client = clients.find(hasKey);
  if (address === undefined || client === undefined) return [];
  const host = `tcp://${bracketed(hostOf(server, address))}:${address.port}`;
  const folder = client.directory ?? '';
  const file = (name: string): string => shellWord(path.join(folder, name));
  const flags = `--tlsverify --tlscacert ${file('ca.pem')} --tlscert ${file('cert.pem')} --tlskey ${file('key.pem')}`;
  const parts = ['ca', 'cert', 'key'].map((part) => `${part}=${path.join(folder, `${part}.pem`)}`);
  const endpoint = [`host=${host}`, ...parts].map(csvField).join(',');
  return [
    ...(subject.proven ? [] : [restartLine(subject)]),
    `docker --host ${shellWord(host)} ${flags} version`,
    `docker context create ${shellWord(contextName(server.name))} --docker ${shellWord(endpoint)}`,
  ];
}

function restartLine({ daemon: { engine }, elsewhere }: Pick<NextSubject, 'daemon' | 'elsewhere'>): string {
  if (elsewhere)
    return `bring ${engine.config} and the server's files to the engine's host, and restart the engine there`;
  return engine.restart ?? restartWords(engine);
}

/** The same for people. */
export function nextText(commands: readonly string[]): string {
  return commands.length === 0 ? '' : `next:\n${commands.map((line) => `  ${line}\n`).join('')}`;
}

/** A wildcard is nobody's address. */
function hostOf({ name }: Entry, { host }: Address): string {
  return name.startsWith('*') ? host : name;
}

// The Docker CLI reads the value of --docker as a line of comma-separated values (RFC 4180).
function csvField(field: string): string {
  return /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/** What `docker context create` takes as a name. */
function contextName(server: string): string {
  return server
    .replaceAll(/[^a-zA-Z0-9_.+-]/g, '-')
    .replace(/^[^a-zA-Z0-9]+/, '')
    .padEnd(2, '-');
}
