import type { CommandSpec } from '../../command-line/command.ts';
import { CA_OPTIONS, NAMES_OPTIONS, PASSPHRASE_OPTIONS } from '../../command-line/options.ts';

export const bundle: CommandSpec = {
  name: 'bundle',
  summary: "Pack a client's files to hand over",
  positionals: [{ name: 'name', required: false, describe: 'Name of the client' }],
  options: {
    ...NAMES_OPTIONS,
    issue: { type: 'boolean', describe: 'Issue a pair first to clients without one, as issue-client does' },
    csr: {
      type: 'string',
      describe: 'Hand back certificates only, for the key of this request',
    },
    for: {
      type: 'string',
      repeatable: true,
      describe: 'Engine that it is for, as node1.example.com or 10.0.0.5:2377',
    },
    layout: {
      type: 'string',
      choices: ['folder', 'flat', 'pwd', 'context'],
      describe:
        'folder: PEM files, env scripts, README, contexts (default with --for); flat: ca.pem, cert.pem, key.pem; ' +
        'pwd: the same as client-*.pem; context: for docker context import',
    },
    format: {
      type: 'string',
      choices: ['tar.gz', 'zip'],
      describe: 'Kind of archive of a folder (default: tar.gz)',
    },
    encrypt: { type: 'boolean', describe: 'Encrypt it with a passphrase (age format)' },
    recipient: {
      type: 'string',
      repeatable: true,
      describe: 'Encrypt it for the holder of this age recipient (age1…)',
    },
    p12: { type: 'boolean', describe: 'A PKCS#12 file instead, for browsers, Java and the like' },
    'bundle-passphrase-file': {
      type: 'string',
      describe: 'File with the passphrase for --encrypt or --p12 (default: asked)',
    },
    output: {
      type: 'string',
      alias: 'o',
      describe: 'File to write, or - for stdout (default: after the client); with --names the folder',
    },
    force: { type: 'boolean', describe: 'Replace a file of that name' },
    ...PASSPHRASE_OPTIONS,
    ...CA_OPTIONS,
  },
  examples: [
    [
      'bundle alice --for node1.example.com',
      'alice.tar.gz: a folder for the laptop, scripts and context in it',
    ],
    ['bundle alice --for node1 --encrypt', 'The same, locked with a passphrase; unbundle or age opens it'],
    ['bundle --names people.txt --issue --for node1 -o bundles', 'A pair and a bundle for all in the list'],
    ['bundle alice', 'alice.tar.gz, which unpacks into a DOCKER_CERT_PATH'],
    ['bundle alice --layout pwd -o pwd-client-certs', 'File names as in Learn Docker in a Month of Lunches'],
  ],
  load: async () => (await import('../code/others.ts')).bundle,
};
