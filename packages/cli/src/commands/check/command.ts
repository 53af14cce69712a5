import type { CommandSpec } from '../../command-line/command.ts';
import { CA_OPTIONS, CONFIG_OPTION, TIMEOUT_OPTION } from '../../command-line/options.ts';

export const check: CommandSpec = {
  name: 'check',
  summary: 'Prove who an engine accepts and who it rejects; exit code 3 when that is not secure',
  positionals: [
    {
      name: 'host',
      required: false,
      describe:
        'The engine, as node1.example.com or 10.0.0.5:2377 (default: those of this machine, $DOCKER_HOST or the context in use)',
    },
  ],
  options: {
    context: { type: 'string', describe: 'Ask as the client of this context', conflicts: 'host' },
    timeout: TIMEOUT_OPTION,
    config: CONFIG_OPTION,
    ...CA_OPTIONS,
  },
  examples: [
    ['check', 'On the host of an engine, or with the context in use'],
    ['check node1.example.com', 'Where the CA is: every address of the name'],
    ['check --context node1', 'From a laptop'],
  ],
  load: async () => (await import('../code/others.ts')).check,
};
