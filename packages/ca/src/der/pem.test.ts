import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parsePem, toPem } from './pem.ts';
import { DerError } from './read.ts';

const GOOD = toPem('X', Buffer.from('hello'));

describe('parsePem', () => {
  test('reads back what toPem writes, in lines of at most 64', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
        const pem = toPem('SOME KEY', Buffer.from(bytes));
        expect(parsePem(pem)).toEqual([{ label: 'SOME KEY', der: Buffer.from(bytes) }]);
        expect(pem.split('\n').every((line) => line.length <= 64)).toBe(true);
        expect(pem).not.toContain('\n\n');
      }),
    );
  });

  test('reads several, with text around them and CRLF', () => {
    const text = `# mine\r\n${GOOD.replaceAll('\n', '\r\n')}\r\nthe other:\r\n${GOOD}`;
    expect(parsePem(text).map(({ label }) => label)).toEqual(['X', 'X']);
  });

  test('takes one that is longer than a pattern of its groups has a stack for', () => {
    const [block] = parsePem(toPem('X', Buffer.alloc(8 * 1024 * 1024)));
    expect(block?.der).toHaveLength(8 * 1024 * 1024);
  });

  test('finds none in other text', () => {
    expect(parsePem('hello')).toEqual([]);
  });

  test.each([
    { why: 'no end', text: GOOD.replace(/-----END.*/, '') },
    { why: 'no beginning, behind a good one', text: `${GOOD}${GOOD.replace(/-----BEGIN.*/, '')}` },
    { why: 'another end', text: GOOD.replace('END X', 'END Y') },
    { why: 'a second one cut off', text: `${GOOD}-----BEGIN X-----\naGVs` },
    { why: 'a character that is none of base64', text: GOOD.replace('aGVs', 'aG*s') },
    { why: 'padding in the middle', text: GOOD.replace('aGVs', 'aG==') },
    { why: 'a character too few', text: GOOD.replace('aGVsbG8=', 'aGVsbG8') },
  ])('refuses a block with $why', ({ text }) => {
    expect(() => parsePem(text)).toThrow(DerError);
  });
});
