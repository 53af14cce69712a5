import type { Row } from '../row.ts';
import { file, mode } from './files.ts';

// What it would leave behind is seen: it may not be run at all.
function standInForSsh(work: string): void {
  file('bin/ssh', '#!/bin/sh\ntouch ssh-was-run\n')(work);
  mode('bin/ssh', 0o755)(work);
}

const OWN_PATH = { PATH: 'bin:/usr/bin:/bin' };
const OPTION = '-oProxyCommand=touch${IFS}ssh-was-run';

function check(name: string, host: string, says = 'is refused'): Row {
  return {
    name: `ssh check: ${name}`,
    argv: ['ssh', 'check', '--', host],
    setup: standInForSsh,
    env: OWN_PATH,
    code: 'SSH_HOST_INVALID',
    says,
  };
}

function context(name: string, host: string, says = 'is refused'): Row {
  const argv = ['context', 'create', 'node2', '--for', host];
  return { name: `context: ${name}`, argv, code: 'CONTEXT_HOST_INVALID', says };
}

export const SSH_HOST_ROWS: readonly Row[] = [
  check('an option for a host', OPTION),
  check('an option for a host, as an address', `ssh://${OPTION}/x`),
  check('an option for a user', `${OPTION}@node1`, 'no user has such a name'),
  check('an option behind a user', `alice@${OPTION}`),
  check('an option with its minus encoded', 'ssh://%2doProxyCommand=id', 'is refused'),
  check('a command in a user', '$(touch ssh-was-run)@node1', 'no user'),
  check('a command in a host', 'alice@`touch ssh-was-run`'),
  check('a second command', 'alice@node1;touch ssh-was-run'),
  check('a second line', 'alice@node1\ntouch ssh-was-run'),
  check('an escape sequence', 'alice@\u001b[2Jnode1'),
  check('a disguised host', 'alice@node1\u202e'),
  check('a percent sign, which ssh expands', 'alice@%h'),
  check('a password', 'alice:correct horse@node1', 'no password over SSH'),
  check('a query', 'ssh://node1?x=y', 'no query'),
  check('a fragment', 'ssh://node1#x', 'no query'),
  check('a command in a path', 'ssh://node1/$(touch${IFS}ssh-was-run)', 'its path is not plain'),
  check('a path that climbs', 'ssh://node1/../x', 'its path is not plain'),
  check('a port of nobody', 'node1:65536', 'ports go from 1'),
  check('another scheme', 'https://node1', 'only ssh://'),
  check('a very long host', 'a'.repeat(5000), 'it is too long'),
  {
    name: 'ssh check: an option, plainly',
    argv: ['ssh', 'check', OPTION],
    code: 'USAGE',
    says: 'no option',
  },
  {
    name: 'ssh check: a context that may not have this name',
    argv: ['ssh', 'check', 'node1', '--context', '../x'],
    setup: standInForSsh,
    env: OWN_PATH,
    code: 'BUNDLE_CONTEXT_INVALID',
    says: '../x',
  },
  context('an option for ssh', `ssh://${OPTION}`),
  context('an option for ssh, as a user', `ssh://${OPTION}@node1`),
  context('a command in the path of a socket', 'ssh://node1/$(id)'),
  context('a password for ssh', 'ssh://alice:correct horse@node1'),
];
