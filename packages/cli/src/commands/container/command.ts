import type { CommandSpec } from '../../command-line/command.ts';
import { JSON_OPTION } from '../../command-line/options.ts';

const server: CommandSpec = {
  name: 'server',
  summary: "The engine's pair and its daemon.json",
  positionals: [],
  options: { json: JSON_OPTION },
  examples: [['container server', 'With folders of the host at /certs and /docker; $SAN, $HOST_CERTS_DIR']],
  load: async () => (await import('../code/others.ts')).containerServer,
};

const client: CommandSpec = {
  name: 'client',
  summary: 'The files that a client is handed',
  positionals: [],
  options: { json: JSON_OPTION },
  examples: [['container client', 'With the same folder at /certs']],
  load: async () => (await import('../code/others.ts')).containerClient,
};

export const container: CommandSpec = {
  name: 'container',
  summary: 'What the container image runs: the work of one of its two containers',
  positionals: [],
  options: {},
  commands: [server, client],
  examples: [['container server', 'With folders of the host at /certs and /docker; $SAN, $HOST_CERTS_DIR']],
};
