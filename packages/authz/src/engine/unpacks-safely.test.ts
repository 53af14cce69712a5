import { expect, test } from '@jest/globals';
import { unpacksSafely } from './unpacks-safely.ts';

test.each(['20.10.24+dfsg1', '23.0.15', '25.0.17', '29.5.1', '29.7.2', '29.10.1', '30.0.0'])(
  'an engine %s is known to unpack safely',
  (version) => {
    expect(unpacksSafely(version)).toBe(true);
  },
);

test.each([
  '24.0.0',
  '24.0.9',
  '25.0.16',
  '26.1.5+dfsg1',
  '28.5.2+dfsg4',
  '29.5.0',
  '29.5.1-rc.1',
  '29.5',
  'dev',
  '',
  undefined,
  20,
])('an engine %s is not', (version) => {
  expect(unpacksSafely(version)).toBe(false);
});
