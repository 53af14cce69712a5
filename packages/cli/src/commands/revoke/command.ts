import type { CommandSpec } from '../../command-line/command.ts';
import { CA_OPTIONS, PASSPHRASE_OPTIONS, PUSH_OPTION } from '../../command-line/options.ts';

export const revokeCommand: CommandSpec = {
  name: 'revoke',
  summary: 'Revoke certificates, and delete their keys here',
  positionals: [
    {
      name: 'what',
      required: true,
      describe: 'Name (all its certificates), serial number, or a file with one certificate (PEM or DER)',
    },
  ],
  options: {
    kind: {
      type: 'string',
      choices: ['server', 'client'],
      describe: 'Which NAME is meant, where a server and a client have it',
    },
    reason: {
      type: 'string',
      // RFC 5280 5.3.1, without those for other certificates, and without a hold, which could be lifted.
      choices: [
        'unspecified',
        'keyCompromise',
        'affiliationChanged',
        'superseded',
        'cessationOfOperation',
        'privilegeWithdrawn',
      ],
      describe: 'Reason in the revocation list; keyCompromise: the key is never certified again',
    },
    yes: { type: 'boolean', describe: 'Do not ask' },
    'keep-files': { type: 'boolean', describe: 'Keep the files and the key in the CA directory' },
    push: PUSH_OPTION,
    ...PASSPHRASE_OPTIONS,
    ...CA_OPTIONS,
  },
  examples: [
    [
      'revoke alice --reason affiliationChanged',
      'alice leaves: every certificate of hers that has not ended',
    ],
    ['revoke 4f:0a:31:7c --reason keyCompromise', 'One certificate, by its serial number'],
    ['revoke ./cert.pem --yes', 'One that another program issued with the key of this CA'],
  ],
  load: async () => (await import('../code/others.ts')).revoke,
};
