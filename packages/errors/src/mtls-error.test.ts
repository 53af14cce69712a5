import { describe, expect, test } from '@jest/globals';
import { hasCode, isMtlsError, MtlsError } from './index.ts';

describe('MtlsError', () => {
  test('carries a code, a message, a hint and a cause', () => {
    const cause = new Error('below');
    const error = new MtlsError('X_CODE', 'what is wrong', { hint: 'what to do', cause });
    expect(error).toMatchObject({ code: 'X_CODE', message: 'what is wrong', hint: 'what to do', cause });
  });

  test('has neither hint nor cause unless they were given', () => {
    const error = new MtlsError('X_CODE', 'what is wrong');
    expect(error.hint).toBeUndefined();
    expect('cause' in error).toBe(false);
  });
});

test.each([
  { name: 'an MtlsError', value: new MtlsError('X', 'x'), expected: true },
  { name: 'an error of Node', value: Object.assign(new Error('x'), { code: 'ENOENT' }), expected: false },
  { name: 'something that only looks alike', value: { code: 'X', message: 'x' }, expected: false },
  { name: 'nothing', value: undefined, expected: false },
])('isMtlsError: $name', ({ value, expected }) => {
  expect(isMtlsError(value)).toBe(expected);
});

test.each([
  { name: 'the code', value: new MtlsError('X', 'x'), expected: true },
  { name: 'another code', value: new MtlsError('Y', 'x'), expected: false },
  { name: 'an error of Node with the code', value: { code: 'X' }, expected: true },
  { name: 'no object', value: 'X', expected: false },
  { name: 'null', value: null, expected: false },
])('hasCode: $name', ({ value, expected }) => {
  expect(hasCode(value, 'X')).toBe(expected);
});
