import type { CommandSpec } from '../../command-line/command.ts';
import { CA_OPTIONS } from '../../command-line/options.ts';

export const list: CommandSpec = {
  name: 'list',
  summary: 'What was issued, and until when: the most urgent first',
  positionals: [],
  options: {
    all: { type: 'boolean', describe: 'Also what was replaced or revoked, and what served a proof' },
    kind: {
      type: 'string',
      choices: ['ca', 'server', 'client', 'probe'],
      describe: 'Only this kind; probe: what served a proof',
    },
    name: { type: 'string', describe: 'Only what was issued under this name' },
    group: { type: 'string', describe: 'Only clients of this group' },
    state: {
      type: 'string',
      choices: ['valid', 'due', 'expired', 'revoked', 'replaced', 'not-yet-valid'],
      describe: 'Only what is in this state; due: valid, and time to renew',
    },
    'expiring-within': {
      type: 'string',
      describe: 'Only what ends within 12h, 30d …; exit code 3 when anything does',
    },
    format: { type: 'string', choices: ['table', 'csv'], describe: 'table (default) or csv' },
    ...CA_OPTIONS,
  },
  examples: [
    ['list', 'The certificates in use; what has expired and was not replaced is at the top'],
    ['list --expiring-within 30d', 'For a monitor: exit code 3 when something ends within 30 days'],
    ['list --kind client --group ops --format csv', 'The clients of a group, for a spreadsheet'],
  ],
  load: async () => (await import('../code/ca.ts')).list,
};
