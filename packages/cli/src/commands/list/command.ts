import type { CommandSpec } from '../../command-line/command.ts';
import { CA_OPTIONS } from '../../command-line/options.ts';

export const list: CommandSpec = {
  name: 'list',
  summary: 'What was issued, and until when',
  positionals: [],
  options: {
    all: { type: 'boolean', describe: 'Also what has expired, was replaced, or served a proof' },
    ...CA_OPTIONS,
  },
  examples: [['list', 'The certificates in use']],
  load: () => import('./run.ts'),
};
