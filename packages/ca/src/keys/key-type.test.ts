import { expect, test } from '@jest/globals';
import { errorOf } from '../../testing/throws.ts';
import { KEY_TYPES, parseKeyType } from './key-type.ts';

test.each(KEY_TYPES)('parseKeyType takes %s', (type) => {
  expect(parseKeyType(type)).toBe(type);
});

test.each(['', 'EC-P256', 'rsa', 'rsa-1024', 'ec-p521', '__proto__'])('parseKeyType refuses %j', (text) => {
  const error = errorOf(() => parseKeyType(text));
  expect(error?.code).toBe('CA_KEY_TYPE_UNKNOWN');
  expect(error?.hint).toContain('ec-p256, ec-p384, rsa-2048');
});
