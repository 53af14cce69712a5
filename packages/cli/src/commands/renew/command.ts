import type { CommandSpec } from '../../command-line/command.ts';
import { CA_OPTIONS, PASSPHRASE_OPTIONS } from '../../command-line/options.ts';

export const renew: CommandSpec = {
  name: 'renew',
  summary: 'Renew pairs: the same names, groups and lifetime',
  positionals: [
    { name: 'name', required: false, repeatable: true, describe: 'Names of servers and clients' },
  ],
  options: {
    due: { type: 'boolean', describe: 'All that have expired, or have less than a third of their life left' },
    all: { type: 'boolean', describe: 'All that are in use', conflicts: 'due' },
    kind: { type: 'string', choices: ['server', 'client'], describe: 'Only this kind' },
    'keep-key': { type: 'boolean', describe: 'New certificates for the keys that are there' },
    csr: {
      type: 'string',
      describe: 'With one NAME: sign this certificate request; only its key is taken',
      conflicts: 'keep-key',
    },
    'dry-run': { type: 'boolean', describe: 'Show what would be renewed, and change nothing' },
    ...PASSPHRASE_OPTIONS,
    ...CA_OPTIONS,
  },
  rest: { name: 'HOOK', describe: 'A program to run for each renewed pair, with its arguments' },
  examples: [
    ['renew --due', 'What it is time for; nothing else is touched'],
    ['renew alice bob', 'Two clients, each with a new key'],
    ['renew --all --kind client --dry-run', 'What that would renew, and what it could not'],
    ['renew --due -- systemctl reload nginx', 'Then nginx reads its new certificate'],
  ],
  load: () => import('./run.ts'),
};
