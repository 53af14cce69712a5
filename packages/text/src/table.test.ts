import { describe, expect, test } from '@jest/globals';
import { displayPad, displayWidth, table } from './table.ts';

describe('the width on a terminal', () => {
  test.each([
    ['', 0],
    ['alice', 5],
    ['앨리스', 6],
    ['앨리스'.normalize('NFD'), 6],
    ['山田', 4],
    ['ﾔﾏﾀﾞ', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['a\u0323\u0302b', 2],
    ['Ωμέγα', 5],
    ['日本 CA', 7],
  ])('of %j is %d', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

test('text is filled up to a width, and never cut', () => {
  expect([displayPad('앨', 4), displayPad('alice', 2)]).toEqual(['앨  ', 'alice']);
});

test('columns are as wide as the widest cell on a terminal', () => {
  const rows = [
    ['KIND', 'NAME', 'UNTIL'],
    ['client', '앨리스', 'tomorrow'],
    ['client', 'bob', ''],
  ];
  expect(table(rows)).toBe('KIND    NAME    UNTIL\nclient  앨리스  tomorrow\nclient  bob\n');
});

test('rows may be shorter than others, and there may be none', () => {
  expect(table([['a'], ['bb', 'c']])).toBe('a\nbb  c\n');
  expect(table([])).toBe('');
  expect(table(Array.from({ length: 200_000 }, () => ['a']))).toHaveLength(400_000);
});
