import { describeStrikes } from './describe-strikes.ts';
import { CONFIG } from './stand-in/machine.ts';

describeStrikes('daemon-config undo --apply', [
  {
    name: 'with a daemon.json before',
    original: '{\n\t"log-level": "warn"\n}\n',
    before: (apply) => [apply],
    command: () => ['daemon-config', 'undo', '--config', CONFIG, '--apply'],
    // What was done before the kill cannot be done twice.
    repeatCodes: ['DAEMON_CONFIG_NOTHING_TO_UNDO'],
    atLeast: 35,
  },
]);
