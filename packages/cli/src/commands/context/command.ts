import type { CommandSpec } from '../../command-line/command.ts';
import { CA_OPTIONS } from '../../command-line/options.ts';

export const context: CommandSpec = {
  name: 'context',
  summary: 'Make, refresh and check Docker contexts',
  positionals: [
    {
      name: 'action',
      required: true,
      choices: ['create', 'update', 'list', 'remove', 'check', 'use'],
      describe:
        'create, list, use, remove; update: refresh certificates that were issued anew; check: why it would not work',
    },
    {
      name: 'context',
      required: false,
      describe: 'Name of the context (update: all of this CA’s without one)',
    },
  ],
  options: {
    client: { type: 'string', describe: 'Client of the CA directory whose certificate it uses' },
    for: { type: 'string', describe: 'Engine, as node1.example.com, 10.0.0.5:2377 or ssh://user@host' },
    description: { type: 'string', describe: 'What docker context ls shows beside it' },
    within: {
      type: 'string',
      describe: 'check: warn when the certificate ends within 12h or 7d (default: 30d)',
    },
    force: {
      type: 'boolean',
      describe: 'remove: also the context in use; update: also to the files of another CA',
    },
    ...CA_OPTIONS,
  },
  examples: [
    ['context create node1 --client alice --for node1.example.com', 'What docker --context node1 uses'],
    ['context create node2 --for ssh://alice@node2', 'Over SSH, without certificates'],
    ['context use node1', 'All terminals use it from now on'],
    ['context update', 'After a renewal: every context gets the new certificate of its client'],
    ['context check node1', 'Exit code 3 when something is wrong, with the way out'],
  ],
  beside: [['export DOCKER_CONTEXT=node1', 'This terminal alone uses it; it wins over context use']],
  load: () => import('./run.ts'),
};
