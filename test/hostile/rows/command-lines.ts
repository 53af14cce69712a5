import type { Row } from '../row.ts';

const KEY_TYPES = ['rsa-1024', 'EC-P256', '\u001b[2J'];

export const COMMAND_LINE_ROWS: readonly Row[] = [
  { name: 'no command', argv: [], code: 'USAGE', says: 'command is missing' },
  { name: 'an empty command', argv: [''], code: 'USAGE', says: 'command' },
  { name: 'a command that there is not', argv: ['frobnicate'], code: 'USAGE', says: '"frobnicate"' },
  {
    name: 'a command with an escape sequence',
    argv: ['\u001b[31mroot'],
    code: 'USAGE',
    says: String.raw`\u001b[31mroot`,
  },
  { name: 'a command of every object', argv: ['__proto__'], code: 'USAGE', says: '"__proto__"' },
  { name: 'a command of 100 kB', argv: ['x'.repeat(100_000)], code: 'USAGE', says: 'xxxx' },
  { name: 'an option of every object', argv: ['list', '--__proto__', 'x'], code: 'USAGE', says: '__proto__' },
  { name: 'a dot into every object', argv: ['list', '--__proto__.all=1'], code: 'USAGE', says: '__proto__' },
  { name: 'the constructor', argv: ['list', '--constructor', 'x'], code: 'USAGE', says: 'constructor' },
  { name: 'an option that there is not', argv: ['list', '--al'], code: 'USAGE', says: '--al' },
  {
    name: 'a short option that there is not',
    argv: ['issue-client', '-rf'],
    code: 'USAGE',
    says: 'no option -r here',
  },
  {
    name: 'an option with an escape sequence',
    argv: ['list', '--x\u001b[31m\nroot'],
    code: 'USAGE',
    says: String.raw`--x\u{1b}[31m\u{a}root`,
  },
  { name: 'an option of 100 kB', argv: ['list', `--${'x'.repeat(100_000)}`], code: 'USAGE', says: 'xxxx' },
  {
    name: 'an option without its value',
    argv: ['issue-client', 'bob', '--ttl'],
    code: 'USAGE',
    says: '--ttl',
  },
  {
    name: 'an option with another for its value',
    argv: ['issue-client', 'bob', '--ttl', '--force'],
    code: 'USAGE',
    says: '--ttl needs a value',
  },
  {
    name: 'an option given twice',
    argv: ['issue-client', 'bob', '--days', '1', '--days', '2'],
    code: 'USAGE',
    says: '--days was given 2 times',
  },
  {
    name: 'a flag with a word for its value',
    argv: ['issue-client', 'alice', '--force=no'],
    code: 'USAGE',
    says: '--force takes no value',
  },
  { name: 'a word too many', argv: ['issue-client', 'bob', 'carol'], code: 'USAGE', says: '"carol"' },
  { name: 'no name for a client', argv: ['issue-client'], code: 'USAGE', says: 'NAME is missing' },
  { name: 'no name for a bundle', argv: ['bundle'], code: 'USAGE', says: 'NAME is missing' },
  { name: 'nothing to show', argv: ['show'], code: 'USAGE', says: 'WHAT is missing' },
  { name: 'an action that there is not', argv: ['daemon-config', 'redo'], code: 'USAGE', says: '"redo"' },
  { name: 'a shell that there is not', argv: ['completion', 'csh'], code: 'USAGE', says: '"csh"' },
  {
    name: 'a layout that there is not',
    argv: ['bundle', 'alice', '--layout', '../x'],
    code: 'USAGE',
    says: '--layout cannot be "../x"',
  },
  ...KEY_TYPES.map((type) => ({
    name: `issue-client: the key type ${JSON.stringify(type)}`,
    argv: ['issue-client', 'bob', '--key-type', type],
    code: 'USAGE',
    says: '--key-type cannot be',
  })),
  {
    name: 'a request and a key type',
    argv: ['issue-client', 'bob', '--csr', 'request.pem', '--key-type', 'ec-p256'],
    code: 'USAGE',
    says: '--csr and --key-type',
  },
];
