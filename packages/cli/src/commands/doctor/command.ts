import type { CommandSpec } from '../../command-line/command.ts';
import { CA_OPTIONS, TIMEOUT_OPTION } from '../../command-line/options.ts';

export const doctor: CommandSpec = {
  name: 'doctor',
  summary: 'Find what is unsafe about engines, this machine and its contexts; exit code 3 when something is',
  positionals: [
    {
      name: 'target',
      required: false,
      repeatable: true,
      describe: 'tcp://HOST:PORT, ssh://USER@HOST, context:NAME, or local (the default)',
    },
  ],
  options: {
    targets: { type: 'string', describe: 'File with a target on each line, - for stdin' },
    'fail-on': {
      type: 'string',
      choices: ['error', 'warning', 'note', 'never'],
      describe: 'Severity from which a finding is exit code 3 (default: warning)',
    },
    format: {
      type: 'string',
      choices: ['text', 'sarif', 'junit'],
      describe: 'What to print (default: text): sarif is SARIF 2.1.0, junit is XML',
    },
    timeout: TIMEOUT_OPTION,
    fix: {
      type: 'boolean',
      describe: 'Fix what can be fixed without cutting a client off, and show how to take it back',
    },
    ...CA_OPTIONS,
  },
  examples: [
    ['doctor', 'This machine: its engines, files, units, groups and contexts'],
    ['doctor tcp://10.0.0.5:2376', 'An engine, as anybody on the network sees it'],
    ['doctor context:node1 --fail-on error', 'A context and its engine; warnings are no failure'],
    ['doctor --targets engines.txt --format sarif', 'Many engines, for a code scanning page'],
  ],
  load: async () => (await import('../code/others.ts')).doctor,
};
