import { isIP } from 'node:net';
import type { Entry } from '@docker-mtls/ca-directory';

const OWN_NAMES: readonly string[] = ['localhost', '127.0.0.1', '::1'];

/** Does the engine's certificate hold a name by which other machines could call it? */
export function isForOthers(server: Entry): boolean {
  return addressOf(server) !== OWN_NAMES[0];
}

/** The name to connect to, as a URL has it: the first that is not for this machine alone and stands for one host. */
export function addressOf(server: Entry | undefined): string {
  const names = server?.certificate().info.sans.map(({ value }) => value) ?? [];
  const name = names.find((each) => !OWN_NAMES.includes(each) && !each.startsWith('*')) ?? OWN_NAMES[0] ?? '';
  return isIP(name) === 6 ? `[${name}]` : name;
}
