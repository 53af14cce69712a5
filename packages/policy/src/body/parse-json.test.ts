import { expect, test } from '@jest/globals';
import { parseBody } from './parse-json.ts';

function read(text: string): unknown {
  return parseBody(Buffer.from(text));
}

test.each([
  ['null', null],
  [' true ', true],
  ['"a\\u0062\\n"', 'ab\n'],
  ['[1, -0.5e+3, []]', [{ number: '1' }, { number: '-0.5e+3' }, []]],
  ['{"a": {"b": false}}', new Map([['a', new Map([['b', false]])]])],
  ['"\\ud83d\\ude00"', '\u{1f600}'],
  ['"\u{1f600}"', '\u{1f600}'],
])('%s is read', (text, expected) => {
  expect(read(text)).toEqual(expected);
});

test.each([
  '',
  ' ',
  'nul',
  'nulll',
  'tru',
  '01',
  '1.',
  '.5',
  '+1',
  '-',
  '1e',
  '[1,]',
  '[,1]',
  '[1 2]',
  '{"a"}',
  '{"a":}',
  '{a:1}',
  '{"a":1,}',
])('%j is not read', (text) => {
  expect(read(text)).toBeUndefined();
});

test.each([
  '"\\x"',
  '"\\u12"',
  '"a',
  '"a\tb"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '\ufeff1',
  '{"a":1,"a":1}',
  '1 1',
  '\u00a01',
])('%j is not read either', (text) => {
  expect(read(text)).toBeUndefined();
});

test.each([
  [64, true],
  [65, false],
  [500_000, false],
])('lists in %i lists: read is %s', (depth, isRead) => {
  expect(read(`${'['.repeat(depth)}1${']'.repeat(depth)}`) !== undefined).toBe(isRead);
});
