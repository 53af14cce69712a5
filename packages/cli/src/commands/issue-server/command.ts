import type { CommandSpec } from '../../command.ts';
import { CA_OPTIONS, ISSUE_OPTIONS, PASSPHRASE_OPTIONS, SERVER_NAME_OPTIONS } from '../../options.ts';

export const issueServer: CommandSpec = {
  name: 'issue-server',
  summary: 'Issue the pair that an engine shows to its clients',
  positionals: [
    { name: 'name', required: false, describe: 'DNS name or address of the engine (default: this machine)' },
  ],
  options: { ...SERVER_NAME_OPTIONS, ...ISSUE_OPTIONS, ...PASSPHRASE_OPTIONS, ...CA_OPTIONS },
  examples: [
    ['issue-server node1.example.com --san 10.0.0.5', 'A pair for an engine with one more address'],
    [
      'issue-server --local --out /etc/docker/tls',
      'A pair for this machine, copied to where its engine reads it',
    ],
  ],
  load: () => import('./run.ts'),
};
