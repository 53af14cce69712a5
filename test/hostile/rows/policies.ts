import type { Row } from '../row.ts';
import { all, file, folder, link, pipe } from './files.ts';

const HEAD = 'apiVersion: docker-mtls/policy.v1\n';
const GOOD = `${HEAD}bindings: [{ role: admin, subjects: [{ cn: root }] }]\n`;
const READ = ['policy', 'who-can', 'ContainerList', '--policy', 'p.yaml'];
const TEST = ['policy', 'test', 'cases.yaml', '--policy', 'good.yaml'];
const CASE = '- { about: a, as: a, send: GET /info, expect: deny';

/** Nine levels of nine: a reader that expands it needs a gigabyte. */
const LAUGHS = Array.from(
  { length: 9 },
  (_, index) =>
    `a${index + 1}: &a${index + 1} [${Array.from({ length: 9 }, () => `*a${index}`).join(', ')}]\n`,
).join('');

const POLICIES: readonly (readonly [why: string, content: string | Buffer, says: string, code?: string])[] = [
  ['of 300 kB', `${GOOD}#${'x'.repeat(300_000)}`, 'more than 262144', 'POLICY_TOO_LARGE'],
  ['of 2 MB', `${GOOD}#${'x'.repeat(2_000_000)}`, '2000', 'FILE_TOO_LARGE'],
  ['that is empty', '', 'p.yaml:1:1: the policy is empty'],
  ['whose aliases multiply', `a0: &a0 lol\n${LAUGHS}${GOOD}`, 'an anchor'],
  ['with an alias of nothing', `${HEAD}bindings: [*nothing]\n`, 'p.yaml:2'],
  ['that merges', `${GOOD}<<: { mode: observe }\n`, 'unknown key "<<"'],
  ['with a key twice', `${GOOD}mode: enforce\nmode: observe\n`, 'p.yaml:4:1: the key "mode" a second time'],
  ['with a tag that makes an object', `${GOOD}mode: !!js/function 'x'\n`, 'p.yaml:3'],
  ['of two documents', `${GOOD}---\nmode: observe\n`, 'a second document'],
  ['with a directive', `%TAG ! tag:x,2000:\n---\n${GOOD}`, 'a directive'],
  ['with a NUL', `${GOOD}local: "adm\\0in"\n`, String.raw`p.yaml:3:8: "adm\u0000in" is not`],
  ['with a NUL in its text', `${GOOD}local: admin\u0000\n`, 'p.yaml:3'],
  [
    'that is not UTF-8',
    Buffer.from(`${GOOD}local: \u00e4\n`, 'latin1'),
    'p.yaml:3:8: a byte that is not UTF-8',
  ],
  ['in UTF-16', Buffer.from(`\ufeff${GOOD}`, 'utf16le'), 'p.yaml:1:1: a byte that is not UTF-8'],
  ['with brackets 50,000 deep', `${GOOD}roles: ${'['.repeat(50_000)}`, 'nested too deeply'],
  ['with lists 5,000 deep', `${GOOD}roles:\n ${'- '.repeat(5000)}a\n`, 'p.yaml:'],
  ['with an escape sequence', `${GOOD}mode: "\\e[2Jenforce"\n`, String.raw`"\u001b[2Jenforce" is not`],
  [
    'with a key that reads from the right',
    `${GOOD}"mod\u202ee": enforce\n`,
    String.raw`unknown key "mod\u{202e}e"`,
  ],
  [
    'with a role __proto__',
    `${GOOD}roles: { __proto__: { allow: ['*'] } }\n`,
    'the name "__proto__" is not permitted',
  ],
  ['with roles in a circle', `${GOOD}roles: { a: { inherits: [a], allow: [] } }\n`, 'inherits itself'],
  [
    'without an administrator',
    `${HEAD}bindings: []\n`,
    'nobody would be administrator',
    'POLICY_NO_ADMINISTRATOR',
  ],
];

const CASES: readonly (readonly [why: string, content: string | Buffer, says: string, code?: string])[] = [
  ['of 2 MB', `#${'x'.repeat(2_000_000)}`, '2000001', 'FILE_TOO_LARGE'],
  ['whose aliases multiply', `- a0: &a0 lol\n${CASE} }\n`, 'cases.yaml:1:11: an anchor'],
  ['with an alias of nothing', `${CASE} }\n- *a\n`, 'cases.yaml:2'],
  ['with a body 60 deep', `${CASE}, bodies: [${'['.repeat(60)}${']'.repeat(60)}] }\n`, 'nested more than 40'],
  ['with a body of too many digits', `${CASE}, bodies: [1e999] }\n`, 'a number that JSON'],
  ['with a key twice', `${CASE}, expect: allow }\n`, 'the key "expect" a second time'],
  ['with an escape sequence', `${CASE}, guard: "\\e[2J" }\n`, String.raw`"\u001b[2J" is not`],
  ['that is not UTF-8', Buffer.from([0x2d, 0x20, 0xff]), 'a byte that is not UTF-8', 'POLICY_INVALID'],
];

export const POLICY_ROWS: readonly Row[] = [
  ...POLICIES.map(([why, content, says, code = 'POLICY_INVALID']) => ({
    name: `a policy ${why}`,
    argv: READ,
    setup: file('p.yaml', content),
    code,
    says,
  })),
  { name: 'a policy that there is not', argv: READ, code: 'FILE_NOT_FOUND', says: 'p.yaml' },
  {
    name: 'a policy that is a folder',
    argv: READ,
    setup: folder('p.yaml'),
    code: 'FILE_NOT_REGULAR',
    says: 'p.yaml',
  },
  {
    name: 'a policy that is a pipe',
    argv: READ,
    setup: pipe('p.yaml'),
    code: 'FILE_NOT_REGULAR',
    says: 'p.yaml',
  },
  {
    name: 'a policy without an end',
    argv: READ,
    setup: link('p.yaml', '/dev/zero'),
    code: 'FILE_NOT_REGULAR',
    says: 'p.yaml',
  },
  ...CASES.map(([why, content, says, code = 'POLICY_CASES_INVALID']) => ({
    name: `policy test: cases ${why}`,
    argv: TEST,
    setup: all(file('good.yaml', GOOD), file('cases.yaml', content)),
    code,
    says,
  })),
  {
    name: 'policy explain: a body that is a pipe',
    argv: ['policy', 'explain', 'a', 'POST', '/containers/create', 'body', '--policy', 'good.yaml'],
    setup: all(file('good.yaml', GOOD), pipe('body')),
    code: 'FILE_NOT_REGULAR',
    says: 'body',
  },
  {
    name: 'policy explain: a body of 5 MB',
    argv: ['policy', 'explain', 'a', 'POST', '/containers/create', 'body', '--policy', 'good.yaml'],
    setup: all(file('good.yaml', GOOD), file('body', ' '.repeat(5_000_000))),
    code: 'FILE_TOO_LARGE',
    says: 'body',
  },
  {
    name: 'policy explain: a certificate that is none',
    argv: ['policy', 'explain', './good.yaml', 'GET', '/info', '--policy', 'good.yaml'],
    setup: file('good.yaml', GOOD),
    code: 'CA_CERTIFICATE_INVALID',
    says: '',
  },
  {
    name: 'policy who-can: an operation with an escape sequence',
    argv: ['policy', 'who-can', '\u001b[2J', '--policy', 'good.yaml'],
    setup: file('good.yaml', GOOD),
    code: 'USAGE',
    says: String.raw`"\u001b[2J" is no operation`,
  },
];
