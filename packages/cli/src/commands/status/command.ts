import type { CommandSpec } from '../../command-line/command.ts';
import { CA_OPTIONS, CONFIG_OPTION } from '../../command-line/options.ts';

export const statusCommand: CommandSpec = {
  name: 'status',
  summary: 'What is due, served or out of date here; exit code 3 when there is something to do',
  positionals: [],
  options: {
    format: {
      type: 'string',
      choices: ['text', 'prometheus'],
      describe: 'text (default), or prometheus: for a monitor',
    },
    output: {
      type: 'string',
      alias: 'o',
      describe: 'With --format prometheus: file to write, for the textfile collector of node_exporter',
    },
    config: CONFIG_OPTION,
    ...CA_OPTIONS,
  },
  examples: [
    ['status', 'One screen; exit 0: nothing to do, 3: something to do, 1: not everything could be checked'],
    ['status --json', 'The same for a program'],
    [
      'status --format prometheus -o /var/lib/prometheus/node-exporter/docker-mtls.prom',
      'For a monitor, from a timer',
    ],
  ],
  load: async () => (await import('../code/others.ts')).status,
};
