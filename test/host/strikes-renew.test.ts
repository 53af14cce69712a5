import { describeStrikes } from './describe-strikes.ts';
import { CONFIG } from './stand-in/machine.ts';

// What it shares with issue-server --apply is struck there at every step.
const only = process.env['DOCKER_MTLS_TEST_FAULTS'] === 'all' ? {} : { only: /systemctl/ };

describeStrikes('renew --apply', [
  {
    name: 'with the pair in the CA directory',
    original: '{}',
    before: (apply) => [apply],
    command: () => ['renew', 'node1', '--kind', 'server', '--config', CONFIG, '--apply'],
    atLeast: 2,
    ...only,
  },
]);
