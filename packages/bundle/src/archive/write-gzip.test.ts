import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { writeGzip } from './write-gzip.ts';

describe('writeGzip', () => {
  test.each([0, 1, 65_534, 65_535, 65_536, 131_070, 200_000])('%i bytes come back as they were', (size) => {
    const data = Buffer.from(Array.from({ length: size }, (_, i) => i % 251));
    expect(gunzipSync(writeGzip(data)).equals(data)).toBe(true);
  });

  test('the header tells neither the time nor the operating system', () => {
    expect(writeGzip(Buffer.from('x')).subarray(0, 10).toString('hex')).toBe('1f8b08000000000000ff');
  });
});
