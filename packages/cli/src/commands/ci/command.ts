import type { CommandSpec } from '../../command-line/command.ts';
import { CA_OPTIONS, GROUP_OPTIONS, PASSPHRASE_OPTIONS } from '../../command-line/options.ts';

const exportCommand: CommandSpec = {
  name: 'export',
  summary: "Write a pipeline, and a client's credentials as an automation server keeps them",
  positionals: [
    {
      name: 'name',
      required: true,
      describe: 'Name of the client, such as ci-uat; issued when it has no good pair',
    },
  ],
  options: {
    for: {
      type: 'string',
      choices: ['jenkins', 'github', 'gitlab'],
      describe: 'The automation server',
    },
    engine: {
      type: 'string',
      repeatable: true,
      describe: 'An environment and its engine, such as uat=tcp://uat.example.com:2376',
    },
    ttl: {
      type: 'string',
      describe: 'Lifetime of a pair that has to be issued, as 12h or 7d (default: 30d)',
    },
    ...GROUP_OPTIONS,
    out: {
      type: 'string',
      describe: 'Folder to write into (default: docker-mtls-ci); - prints the secret of GitHub alone',
    },
    force: { type: 'boolean', describe: 'Replace files that were edited, or not written by docker-mtls' },
    ...PASSPHRASE_OPTIONS,
    ...CA_OPTIONS,
  },
  examples: [
    [
      'ci export ci-uat --for jenkins --engine uat=tcp://uat.example.com:2376',
      'A Jenkinsfile, its scripts, and three secret files for UAT',
    ],
    [
      'ci export ci-prod --for jenkins --engine prod=tcp://prod.example.com:2376',
      'In the same folder, another identity for production',
    ],
    [
      'ci export ci-uat --for github --out - | gh secret set DOCKER_MTLS_BUNDLE --env uat',
      'Renew the secret without a file',
    ],
  ],
  load: async () => (await import('../code/others.ts')).ci,
};

export const ci: CommandSpec = {
  name: 'ci',
  summary: 'Credentials and a pipeline for an automation server',
  positionals: [],
  options: {},
  commands: [exportCommand],
  examples: [
    [
      'ci export ci-uat --for jenkins --engine uat=tcp://uat.example.com:2376',
      'A Jenkinsfile, its scripts, and three secret files for UAT',
    ],
  ],
};
