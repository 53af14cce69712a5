import type { CommandSpec } from '../../command-line/command.ts';
import { JSON_OPTION, LIFETIME_OPTIONS } from '../../command-line/options.ts';

const { 'key-type': keyType } = LIFETIME_OPTIONS;

export const request: CommandSpec = {
  name: 'request',
  summary: 'Make a key and a certificate request here, without a CA: the key stays',
  positionals: [{ name: 'name', required: true, describe: 'Name of the client' }],
  options: {
    ...(keyType && { 'key-type': { ...keyType, describe: 'Kind of key (default: ec-p256)' } }),
    out: { type: 'string', describe: 'Folder for NAME-key.pem and NAME.csr (default: this one)' },
    json: JSON_OPTION,
  },
  examples: [
    [
      'request alice',
      'alice-key.pem, which stays here, and alice.csr for: issue-client alice --csr alice.csr',
    ],
    ['request alice --key-type ed25519 --out ~/keys', 'Another kind of key, and another folder'],
  ],
  load: async () => (await import('../code/others.ts')).request,
};
