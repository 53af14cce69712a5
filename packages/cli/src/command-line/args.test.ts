import { describe, expect, test } from '@jest/globals';
import { args } from '../../testing/fake-io.ts';
import { UsageError } from './usage-error.ts';

describe('text', () => {
  test('is the one value, or undefined', () => {
    expect(args({ days: '7' }).text('days')).toBe('7');
    expect(args().text('days')).toBeUndefined();
  });

  test('refuses a value given twice, and says how often', () => {
    expect(() => args({ days: ['7', '8'] }).text('days')).toThrow(
      new UsageError('--days was given 2 times', 'give --days once'),
    );
  });

  test('refuses the empty value', () => {
    expect(() => args({ days: '' }).text('days')).toThrow('--days is empty');
  });
});

describe('list', () => {
  test.each([
    [undefined, []],
    ['a', ['a']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
  ])('of %j is %j', (given, expected) => {
    expect(args({ san: given }).list('san')).toEqual(expected);
  });

  test('refuses an empty value among good ones', () => {
    expect(() => args({ san: ['a', ''] }).list('san')).toThrow('--san is empty');
  });
});

describe('flag', () => {
  test.each([
    [true, true],
    [false, false],
    [undefined, undefined],
  ])('%j is %j', (given, expected) => {
    expect(args({ force: given }).flag('force')).toBe(expected);
  });

  test('refuses a flag given twice', () => {
    expect(() => args({ force: [true, true] }).flag('force')).toThrow('--force was given 2 times');
  });
});
