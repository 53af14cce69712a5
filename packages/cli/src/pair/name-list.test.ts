import { expect, test } from '@jest/globals';
import { nameList } from './name-list.ts';

test('a list of names yields them in the order in which they were added', () => {
  const names = nameList();
  expect([names.isEmpty(), [...names]]).toEqual([true, []]);
  names.add(['robot', 'alice']);
  names.add([]);
  names.add(['bob']);
  expect([names.isEmpty(), [...names]]).toEqual([false, ['robot', 'alice', 'bob']]);
});

test.each([
  ['alice', true],
  ['robot', true],
  ['bob', true],
  ['bo', false],
  ['ice', false],
  ['alice\nbob', false],
])('whether a list of names has %j is %j', (name, expected) => {
  const names = nameList();
  names.add(['alice', 'robot']);
  names.add(['bob']);
  expect(names.has(name)).toBe(expected);
});
