import type { CommandSpec } from '../../command.ts';
import { CA_OPTIONS, GROUP_OPTIONS, ISSUE_OPTIONS, PASSPHRASE_OPTIONS } from '../../options.ts';

export const issueClient: CommandSpec = {
  name: 'issue-client',
  summary: 'Issue the pair that a person or a robot shows to engines',
  positionals: [
    { name: 'name', required: true, describe: 'Name of the client: the CN that the engine sees as user' },
  ],
  options: { ...GROUP_OPTIONS, ...ISSUE_OPTIONS, ...PASSPHRASE_OPTIONS, ...CA_OPTIONS },
  examples: [
    ['issue-client alice', 'A pair for alice, as a ready DOCKER_CERT_PATH'],
    ['issue-client ci --group robots --ttl 12h', 'A pair for a pipeline, good for half a day'],
  ],
  load: () => import('./run.ts'),
};
