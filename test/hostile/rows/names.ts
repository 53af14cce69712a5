import type { Row } from '../row.ts';

const CLIENT_NAMES: readonly (readonly [why: string, name: string, says: string])[] = [
  ['a way up', '../x', '"../x"'],
  ['one dot', '.', '"."'],
  ['a slash', 'a/b', '"a/b"'],
  ['a backslash', String.raw`a\b`, String.raw`"a\\b"`],
  ['a leading dot', '.ssh', '".ssh"'],
  ['a trailing dot', 'alice.', 'ends with a dot'],
  ['a leading dash', '-rf', '"-rf"'],
  ['spaces alone', '   ', '"   "'],
  ['a space within', 'alice bob', '"alice bob"'],
  ['a line break', 'alice\nroot', String.raw`"alice\nroot"`],
  ['an escape sequence', 'alice\u001b[31m', String.raw`"alice\u001b[31m"`],
  ['300 characters', 'a'.repeat(300), 'it has 300 characters'],
  ['65 characters', 'a'.repeat(65), 'it has 65 characters'],
  ['a right-to-left override', 'ab\u202EcilA', String.raw`\u{202e}`],
  ['a zero-width space', 'ali\u200Bce', String.raw`\u{200b}`],
  ['an emoji', '😀', '😀'],
  ['a device of Windows', 'CON', 'Windows keeps it for a device'],
  ['a slash that looks like a letter', 'a\u2215b', '"a\u2215b"'],
  ['64 characters of four bytes each', '𝐀'.repeat(64), 'too long in UTF-8'],
  ['half a character', 'alice\uD83D', 'not allowed'],
];

const GROUP_NAMES: readonly (readonly [why: string, name: string, says: string])[] = [
  ['a comma', 'admins,root', '"admins,root"'],
  ['a line break', 'a\r\nb', String.raw`"a\r\nb"`],
  ['65 characters', 'g'.repeat(65), 'it has 65 characters'],
];

const CA_NAMES: readonly (readonly [why: string, name: string, says: string])[] = [
  ['a line break', 'CA\nCN=root', String.raw`"CA\nCN=root"`],
  ['a space at its end', 'CA ', 'begins or ends with a space'],
  ['a right-to-left override', 'CA\u202Egpj', String.raw`\u{202e}`],
  ['65 characters', 'c'.repeat(65), 'it has 65 characters'],
  ['spaces alone', '   ', 'begins or ends with a space'],
];

export const NAME_ROWS: readonly Row[] = [
  ...CLIENT_NAMES.map(([why, name, says]) => ({
    name: `issue-client: a name with ${why}`,
    argv: ['issue-client', '--', name],
    code: 'CA_NAME_INVALID',
    says,
  })),
  ...GROUP_NAMES.map(([why, name, says]) => ({
    name: `issue-client: a group with ${why}`,
    argv: ['issue-client', 'bob', '--group', name],
    code: 'CA_NAME_INVALID',
    says,
  })),
  ...CA_NAMES.map(([why, name, says]) => ({
    name: `init-ca: a name with ${why}`,
    argv: ['init-ca', '--ca-dir', 'new', '--name', name],
    code: 'CA_NAME_INVALID',
    says,
  })),
  {
    name: 'issue-client: an empty name',
    argv: ['issue-client', ''],
    code: 'USAGE',
    says: 'NAME is empty',
  },
  {
    name: 'init-ca: an empty name',
    argv: ['init-ca', '--ca-dir', 'new', '--name='],
    code: 'USAGE',
    says: 'name is empty',
  },
  {
    name: 'issue-client: an empty group',
    argv: ['issue-client', 'bob', '--group='],
    code: 'USAGE',
    says: 'group is empty',
  },
  {
    name: 'issue-client: a name that is taken',
    argv: ['issue-client', 'alice'],
    code: 'CA_DIRECTORY_NAME_TAKEN',
    says: '"alice"',
    hints: '--force',
  },
  {
    name: 'issue-client: a name that differs from a taken one by case',
    argv: ['issue-client', 'ALICE'],
    code: 'CA_DIRECTORY_NAME_COLLIDES',
    says: '"ALICE"',
  },
  {
    name: 'issue-client: a name that differs by case, with force',
    argv: ['issue-client', 'ALICE', '--force'],
    code: 'CA_DIRECTORY_NAME_COLLIDES',
    says: '"ALICE"',
  },
  {
    name: 'bundle: a way up',
    argv: ['bundle', '../servers/node1.example.com'],
    code: 'CA_NAME_INVALID',
    says: '"../servers/node1.example.com"',
  },
];
