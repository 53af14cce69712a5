import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { expandWords } from './expand.ts';
import { quoteWord, splitExpansion, splitWords } from './words.ts';

describe('splitWords', () => {
  test.each([
    { text: '', values: [] },
    { text: '  a\t b \n', values: ['a', 'b'] },
    { text: `"a b" 'c d' e`, values: ['a b', 'c d', 'e'] },
    { text: `a"b c"d'e f'`, values: ['ab cde f'] },
    { text: `"it's" '"'`, values: ["it's", '"'] },
    { text: '""', values: [''] },
    { text: String.raw`\x41\102\u00fc\U0001f433 \s\t`, values: ['ABü🐳', ' \t'] },
    { text: String.raw`"\"\\" \;`, values: ['"\\', ';'] },
    { text: String.raw`a\; "\;"`, values: ['a\\;', '\\;'] },
    { text: String.raw`\q \x4 \x00`, values: ['\\q', '\\x4', '\\x00'] },
  ])('$text', ({ text, values }) => {
    expect(splitWords(text).map(({ value }) => value)).toEqual(values);
  });

  test('keeps how each word is written', () => {
    expect(splitWords(`-H  "fd://" 'a b'`).map(({ raw }) => raw)).toEqual(['-H', '"fd://"', "'a b'"]);
  });

  test.each(['"a', "a 'b c", `"a'`])('refuses %s', (text) => {
    expect(() => splitWords(text)).toThrow(expect.objectContaining({ code: 'DAEMON_CONFIG_UNIT' }));
  });
});

test.each([
  {
    text: String.raw`-H tcp://a --label "x y" 'z' \"q\" \x41`,
    values: ['-H', 'tcp://a', '--label', 'x y', 'z', '"q"', 'x41'],
  },
  { text: `a "b c`, values: ['a', 'b c'] },
  { text: ' ', values: [] },
])('splitExpansion $text', ({ text, values }) => {
  expect(splitExpansion(text)).toEqual(values);
});

test('whatever is quoted comes back as it was, variables and specifiers included', () => {
  const character = fc.constantFrom(...'ab $%{}"\'\\;#=/:-\t\n\u007fü🐳');
  fc.assert(
    fc.property(fc.array(fc.array(character, { maxLength: 8 })), fc.boolean(), (letters, expands) => {
      const values = letters.map((parts) => parts.join(''));
      const words = splitWords(values.map((value) => quoteWord(value, { expands })).join(' '));
      const read = expands
        ? expandWords(words, new Map([['a', 'WRONG']])).map(({ value }) => value)
        : words.map(({ value }) => value.replaceAll('%%', '%'));
      expect(read).toEqual(values);
    }),
    { numRuns: 2000 },
  );
});

test('what needs no quotes gets none', () => {
  expect(quoteWord('--containerd=/run/containerd/containerd.sock', { expands: true })).toBe(
    '--containerd=/run/containerd/containerd.sock',
  );
});
