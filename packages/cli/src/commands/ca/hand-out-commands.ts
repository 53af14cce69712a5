import type { StoreReader } from '@docker-mtls/ca-directory';
import { shellWord } from '@docker-mtls/errors';
import { nextCommand } from '../../ca/next-command.ts';
import type { Args } from '../../command-line/args.ts';

/** As many as a screen shows. */
const MOST_COMMANDS = 20;

/** By which each engine and client gets the `ca.pem` that is in its folder now. The last line says where there are more. */
export async function handOutCommands(reader: StoreReader, args: Args): Promise<readonly string[]> {
  const servers = await reader.inForce('server', MOST_COMMANDS + 1);
  const clients = await reader.inForce('client', MOST_COMMANDS + 1);
  const engines = servers.map(({ name }) => `docker-mtls daemon-config --server ${shellWord(name)} --apply`);
  const bundles = clients.map(({ name }) => `docker-mtls bundle ${shellWord(name)} --for HOST`);
  const commands = [...engines, ...bundles].map((command) => nextCommand(command, args));
  if (commands.length <= MOST_COMMANDS) return commands;
  const rest = `# and so on for every server and client of: ${nextCommand('docker-mtls list', args)}`;
  return [...commands.slice(0, MOST_COMMANDS), rest];
}
