import type { CommandSpec } from '../../command-line/command.ts';
import { CA_OPTIONS, PASSPHRASE_OPTIONS, PUSH_OPTION } from '../../command-line/options.ts';

const show: CommandSpec = {
  name: 'show',
  summary: 'Explain a revocation list',
  positionals: [{ name: 'file', required: false, describe: 'A list (PEM or DER; default: that of the CA)' }],
  options: CA_OPTIONS,
  examples: [['crl show', 'Who is on the list, and until when it is good']],
  load: async () => (await import('../code/ca.ts')).showCrl,
};

export const crl: CommandSpec = {
  name: 'crl',
  summary: 'Make the next revocation list, or explain one',
  positionals: [],
  options: {
    days: { type: 'string', describe: 'Days until the next one is due (default: 30)' },
    output: { type: 'string', alias: 'o', describe: 'Also write the list to this file, - for stdout' },
    der: { type: 'boolean', describe: 'With -o: in DER instead of PEM' },
    push: PUSH_OPTION,
    ...PASSPHRASE_OPTIONS,
    ...CA_OPTIONS,
  },
  commands: [show],
  examples: [
    ['crl', 'crl.pem again, good for 30 days'],
    ['crl -o /srv/www/ca.crl --der', 'Also where others fetch it'],
    ['crl --push ssh://deploy@proxy/etc/nginx/crl.pem', 'Also where a proxy reads it'],
  ],
  load: async () => (await import('../code/others.ts')).crl,
};
