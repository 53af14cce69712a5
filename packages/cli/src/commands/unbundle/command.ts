import type { CommandSpec } from '../../command-line/command.ts';
import { JSON_OPTION } from '../../command-line/options.ts';

export const unbundle: CommandSpec = {
  name: 'unbundle',
  summary: 'Unpack a bundle that you were handed, once all of it is verified',
  positionals: [{ name: 'file', required: true, describe: 'The bundle, encrypted or not' }],
  options: {
    out: { type: 'string', describe: 'Folder to make (default: the name of the client, here)' },
    key: { type: 'string', describe: 'The key that you made with docker-mtls request' },
    for: { type: 'string', repeatable: true, describe: 'Engine to use it for, where the bundle names none' },
    install: { type: 'boolean', describe: 'Also make, or refresh, a Docker context for each engine' },
    name: { type: 'string', describe: 'Name of that context (default: after the engine)' },
    'passphrase-file': {
      type: 'string',
      describe: 'File with the passphrase of the bundle (default: asked)',
    },
    identity: { type: 'string', describe: 'age identity file that opens it (AGE-SECRET-KEY-1…)' },
    force: {
      type: 'boolean',
      describe: 'Replace a folder or context that is there; the old folder is kept aside',
    },
    json: JSON_OPTION,
  },
  examples: [
    ['unbundle alice.tar.gz --install', 'A folder alice with scripts for the shells, and a context'],
    ['unbundle alice.tar.gz.age --out ~/.docker/prod', 'Asks for the passphrase first'],
    [
      'unbundle alice.tar.gz --key alice-key.pem',
      'Certificates that were issued for a request, and their key',
    ],
  ],
  load: async () => (await import('../code/others.ts')).unbundle,
};
