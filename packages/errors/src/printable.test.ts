import { expect, test } from '@jest/globals';
import { escapeUnprintable, isPlain, quote, quoteJson } from './printable.ts';

test.each([
  ['plain', 'plain'],
  ['ünï 会社', 'ünï 会社'],
  ['\u001b[31m', String.raw`\u{1b}[31m`],
  ['a\u202eb', String.raw`a\u{202e}b`],
  ['a\u0085b\u007f', String.raw`a\u{85}b\u{7f}`],
  ['a\u200bb\u2028', String.raw`a\u{200b}b\u{2028}`],
  ['\ud800', String.raw`\u{d800}`],
  ['a\nb', String.raw`a\u{a}b`],
  ['\u{e0001}', String.raw`\u{e0001}`],
  ['\ud83d!', String.raw`\u{d83d}!`],
  ['\u{1f600}', '\u{1f600}'],
  [String.raw`C:\ProgramData`, String.raw`C:\ProgramData`],
])('escapeUnprintable writes %j as %s', (text, expected) => {
  expect(escapeUnprintable(text)).toBe(expected);
});

test.each([
  ['x', String.raw`"\"x\""`],
  [null, '"null"'],
  [undefined, '"undefined"'],
  [[1, 'a'], String.raw`"[1,\"a\"]"`],
  [{ '': { '': 1 } }, String.raw`"{\"\":\"…\"}"`],
  [JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)), String.raw`"[\"…\"]"`],
  [JSON.parse('{"":'.repeat(100_000) + '1' + '}'.repeat(100_000)), String.raw`"{\"\":\"…\"}"`],
])('quoteJson of a value, without what lies deeper', (value, expected) => {
  expect(quoteJson(value)).toBe(expected);
});

test('quote cuts what is long', () => {
  expect(quote('x'.repeat(100))).toBe(`"${'x'.repeat(80)}…"`);
});

test('quote leaves no line break', () => {
  expect(quote('a\nb"c')).toBe(String.raw`"a\nb\"c"`);
});

test('quote cuts what only its escapes make long', () => {
  expect(quote('\0'.repeat(80))).toHaveLength(122);
});

test.each([
  ['', true],
  [' az~', true],
  ['a\n', false],
  ['\u001f', false],
  ['\u007f', false],
  ['\u0080', false],
  ['\u00e9', false],
  ['\ud83d\ude00', false],
])('isPlain of %j is %s', (text, expected) => {
  expect(isPlain(text)).toBe(expected);
});
