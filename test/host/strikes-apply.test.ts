import { describeStrikes } from './describe-strikes.ts';

describeStrikes('daemon-config --apply', [
  {
    name: 'with a daemon.json before',
    original: '{\n\t"log-level": "warn"\n}\n',
    command: (apply) => apply,
    atLeast: 40,
  },
  {
    name: 'with no folder for a daemon.json',
    command: (apply) => apply,
    only: /disk full .*change\.json/u,
    atLeast: 4,
  },
]);
