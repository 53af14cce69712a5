import type { CommandSpec } from '../../command-line/command.ts';
import {
  CA_OPTIONS,
  GROUP_OPTIONS,
  ISSUE_OPTIONS,
  NAMES_OPTIONS,
  PASSPHRASE_OPTIONS,
} from '../../command-line/options.ts';

export const issueClient: CommandSpec = {
  name: 'issue-client',
  summary: 'Issue the pair that a person or a robot shows to engines',
  positionals: [
    { name: 'name', required: false, describe: 'Name of the client: the CN that the engine sees as user' },
  ],
  options: { ...NAMES_OPTIONS, ...GROUP_OPTIONS, ...ISSUE_OPTIONS, ...PASSPHRASE_OPTIONS, ...CA_OPTIONS },
  examples: [
    ['issue-client alice', 'A pair for alice, as a ready DOCKER_CERT_PATH'],
    ['issue-client --names people.txt --group team-a', 'Pairs for all in the list who have none yet'],
    ['issue-client ci --group robots --ttl 12h', 'A pair for a pipeline, good for half a day'],
  ],
  load: async () => (await import('../code/ca.ts')).issueClient,
};
