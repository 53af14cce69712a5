import type { CommandSpec } from '../../command-line/command.ts';
import { CA_OPTIONS, PASSPHRASE_OPTIONS } from '../../command-line/options.ts';

const renew: CommandSpec = {
  name: 'renew',
  summary: 'Give the CA new dates: same name, same key, and all certificates stay valid',
  positionals: [],
  options: {
    days: { type: 'string', describe: 'Lifetime in days (default: as long as before)' },
    ...PASSPHRASE_OPTIONS,
    ...CA_OPTIONS,
  },
  examples: [['ca renew', 'Before the CA ends, or after']],
  load: async () => ({ run: (await import('./renew.ts')).renew }),
};

export const ca: CommandSpec = {
  name: 'ca',
  summary: 'Care for the CA itself',
  positionals: [],
  options: {},
  commands: [renew],
  examples: [['ca renew', 'New dates for the same CA']],
};
