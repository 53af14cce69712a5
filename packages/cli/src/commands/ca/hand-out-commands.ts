import type { StoreReader } from '@docker-mtls/ca-directory';
import { shellWord } from '@docker-mtls/errors';
import { nextCommand } from '../../ca/next-command.ts';
import type { Args } from '../../command-line/args.ts';

/** As many as a screen shows. */
const MOST_COMMANDS = 20;

/** By which each engine and client gets the `ca.pem` that is in its folder now. */
export async function handOutCommands(reader: StoreReader, args: Args): Promise<readonly string[]> {
  const servers = await reader.inForce('server', MOST_COMMANDS);
  const clients = await reader.inForce('client', MOST_COMMANDS);
  const engines = servers.map(({ name }) => `docker-mtls daemon-config --server ${shellWord(name)} --apply`);
  const bundles = clients.map(({ name }) => `docker-mtls bundle ${shellWord(name)} --for HOST`);
  return [...engines, ...bundles].slice(0, MOST_COMMANDS).map((command) => nextCommand(command, args));
}
