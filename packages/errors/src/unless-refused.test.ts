import { expect, test } from '@jest/globals';
import { MtlsError } from './mtls-error.ts';
import { unlessRefused } from './unless-refused.ts';

test('what is refused is undefined, and all else is as it is', () => {
  expect(unlessRefused(() => 'read')).toBe('read');
  expect(
    unlessRefused(() => {
      throw new MtlsError('NO_PEM', 'there is no certificate in it');
    }),
  ).toBeUndefined();
});

test('a bug is thrown on', () => {
  expect(() =>
    unlessRefused(() => {
      throw new TypeError('a bug');
    }),
  ).toThrow('a bug');
});
