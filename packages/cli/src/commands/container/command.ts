import type { CommandSpec } from '../../command-line/command.ts';
import { JSON_OPTION } from '../../command-line/options.ts';

export const container: CommandSpec = {
  name: 'container',
  summary: 'What the container image runs: the work of one of its two containers',
  positionals: [
    {
      name: 'part',
      required: true,
      choices: ['server', 'client'],
      describe: "server: the engine's pair and its daemon.json; client: the files that a client is handed",
    },
  ],
  options: { json: JSON_OPTION },
  examples: [
    ['container server', 'With folders of the host at /certs and /docker; $SAN, $HOST_CERTS_DIR'],
    ['container client', 'With the same folder at /certs'],
  ],
  load: () => import('./run.ts'),
};
