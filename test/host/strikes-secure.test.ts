import { describeStrikes } from './describe-strikes.ts';

// What daemon-config and a new pair do to the engine is struck beside; here it is what the registry says meanwhile.
describeStrikes('secure --apply', [
  {
    name: 'with a pair that lacks a name',
    original: '{}',
    before: (apply) => [apply],
    command: (apply) => ['secure', 'node1', '--client', 'alice', '--san', '10.9.8.7', ...apply.slice(3)],
    inRegistry: true,
    only: /^killed .*(?:fsync .*registry\.db$|pwrite64 .*registry|systemctl|rename .*\.current$)|^disk full at pwrite64 .*registry\.db$/u,
    atLeast: 12,
  },
]);
