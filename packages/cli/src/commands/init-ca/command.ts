import type { CommandSpec } from '../../command-line/command.ts';
import { CA_OPTIONS, LIFETIME_OPTIONS, NEW_KEY_OPTIONS } from '../../command-line/options.ts';

export const initCa: CommandSpec = {
  name: 'init-ca',
  summary: 'Make a certificate authority',
  positionals: [],
  options: {
    name: { type: 'string', describe: 'Name of the authority (default: docker-mtls CA)' },
    ...LIFETIME_OPTIONS,
    ...NEW_KEY_OPTIONS,
    ...CA_OPTIONS,
  },
  examples: [
    ['init-ca --name "Example CA"', 'Make a CA; its key is encrypted if you type a passphrase'],
    ['init-ca --passphrase-file /run/secrets/ca', 'The same without a terminal'],
  ],
  load: async () => (await import('../code/ca.ts')).initCa,
};
