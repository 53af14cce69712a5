import { describeStrikes } from './describe-strikes.ts';
import { CONFIG } from './stand-in/machine.ts';

describeStrikes('issue-server --force --apply', [
  {
    name: 'with the pair in the CA directory',
    original: '{}',
    before: (apply) => [apply],
    command: () => ['issue-server', 'node1', '--force', '--config', CONFIG, '--apply'],
    atLeast: 60,
  },
]);
