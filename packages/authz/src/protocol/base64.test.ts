import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { decodeBase64, decodedLength } from './base64.ts';

test('what Go wrote is decoded', () => {
  for (let length = 0; length < 70; length += 1) {
    const bytes = randomBytes(length);
    const text = bytes.toString('base64');
    expect(decodeBase64(text)).toEqual(bytes);
    expect(decodedLength(text)).toBe(length);
  }
});

test.each(['e30', 'e3==', 'e31=', '=', '====', 'e30=e30=', 'e30=\n', ' e30=', 'e3-_', 'e3*0', 'e\u017f0='])(
  '%j is not: Node would pass over what is wrong with it',
  (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  },
);
