import type { Row } from '../row.ts';
import { all, file, folder, link, mode, pipe } from './files.ts';

/** What stands after `--` is one program and its words: no shell ever reads it. */
const HOOKS: readonly (readonly [what: string, hook: string, setup?: Row['setup'], says?: string])[] = [
  ['that there is not', 'no-such-hook'],
  ['that is a line for a shell', 'systemctl reload nginx; rm -rf /'],
  ['that is a substitution', '$(id)'],
  ['with an escape sequence', '\u001B[31mroot', undefined, String.raw`\u001b[31mroot`],
  ['of 100 kB', 'x'.repeat(100_000), undefined, 'xxxx'],
  ['that is a folder', './hooks', folder('hooks')],
  ['that is not executable', './hook', file('hook', '#!/bin/sh\n')],
  ['that is a pipe', './hook', all(pipe('hook'), mode('hook', 0o700))],
  ['that is a link to nowhere', './hook', link('hook', 'nowhere')],
  ['that is a link to itself', './hook', link('hook', 'hook')],
  ['below a file', './hook/run', file('hook', '')],
];

const WINDOWS: readonly string[] = [
  '2-4',
  '02:00',
  '02:00-24:00',
  '02:60-03:00',
  '25:00-26:00',
  '-1:00-02:00',
  '02:00-02:00',
  '02:00–04:00',
  '02:00-04:00-06:00',
  '02:00-04:00 Europe/Berlin',
  '02:00-04:00\nroot',
  '\u001B[2J',
];

const USAGE: readonly (readonly [argv: readonly string[], says: string])[] = [
  [[], 'renew needs NAMES'],
  [['--due', '--timer'], 'one of these alone'],
  [['alice', '--timer'], 'one of these alone'],
  [['alice', '--', ''], 'the hook after -- is empty'],
  [['alice', '--window', '02:00-04:00'], '--window is for a restart'],
  [['alice', '--live-restore'], '--live-restore'],
  [['alice', '--allow-stop'], '--allow-stop is for a restart'],
  [['alice', '--allow-swarm-lock'], '--allow-swarm-lock is for a restart'],
  [['alice', 'carol', '--csr', 'ca/ca.pem'], '--csr is the request of one pair'],
  [['--due', '--csr', 'ca/ca.pem'], '--csr is the request of one pair'],
  [['alice', '--csr', 'ca/ca.pem', '--keep-key'], '--csr and --keep-key'],
  [['--install-timer', '--print-timer'], '--install-timer and --print-timer'],
  [['--print-timer', '--csr', 'ca/ca.pem'], '--print-timer and --csr'],
  [['--print-timer', '--due'], '--print-timer and --due'],
  [['--print-timer', 'alice'], '--print-timer takes no names'],
  [['--remove-timer', '--all'], '--remove-timer and --all'],
];

const NAMES: readonly (readonly [what: string, name: string, says: string])[] = [
  ['of nobody', 'mallory', 'no client "mallory" was issued'],
  ['that is a path', '../../etc/passwd', 'no client'],
  ['of every object', '__proto__', 'no client "__proto__"'],
  ['with an escape sequence', '\u001B[2Jalice', String.raw`\u001b[2Jalice`],
  ['that differs in case alone', 'Alice', 'no client "Alice"'],
];

const SERVERS = ['issue-server', '--names', 'hosts'];

const SERVER_LISTS: readonly (readonly [what: string, text: string, says: string])[] = [
  ['without names', '# none\n', 'contains no names'],
  ['with a path', 'node2\n../../etc\n', 'line 2'],
  ['with a wildcard that nobody allowed', '*.example.com\n', 'line 1'],
  ['with an address twice', '10.0.0.1\n10.0.0.1\n', 'stands on line 1 already'],
  ['with a NUL', 'node2\0\n', 'line 1'],
];

export const RENEWAL_ROWS: readonly Row[] = [
  ...HOOKS.map(([what, hook, setup, says = 'the hook']): Row => ({
    name: `renew: a hook ${what}`,
    argv: ['renew', 'alice', '--', hook],
    code: 'PROGRAM_NOT_RUN',
    says,
    hints: 'make it executable',
    ...(setup && { setup }),
  })),
  ...WINDOWS.map((window): Row => ({
    name: `renew: the window ${JSON.stringify(window)}`,
    argv: ['renew', '--due', '--apply', `--window=${window}`],
    code: 'USAGE',
    says: '--window takes two times of a day',
    hints: '02:00-04:00',
  })),
  ...USAGE.map(([argv, says]): Row => ({
    name: `renew: ${JSON.stringify(argv.join(' '))}`,
    argv: ['renew', ...argv],
    code: 'USAGE',
    says,
  })),
  ...NAMES.map(([what, name, says]): Row => ({
    name: `renew: a name ${what}`,
    argv: ['renew', 'alice', name],
    code: 'NOT_ISSUED',
    says,
  })),
  ...SERVER_LISTS.map(([what, text, says]): Row => ({
    name: `issue-server: a list ${what}`,
    argv: SERVERS,
    setup: file('hosts', text),
    code: 'NAMES_INVALID',
    says,
  })),
  {
    name: 'renew: a request that is a certificate',
    argv: ['renew', 'alice', '--csr', 'ca/ca.pem'],
    code: 'CA_CSR_INVALID',
    says: 'request',
  },
  {
    name: 'renew: a request without an end',
    argv: ['renew', 'alice', '--csr', 'x.csr'],
    setup: link('x.csr', '/dev/zero'),
    code: 'FILE_NOT_REGULAR',
    says: 'x.csr',
  },
];
