import { expect, test } from '@jest/globals';
import { parseEntryPath } from './entry-path.ts';

const refused = expect.objectContaining({ code: 'BUNDLE_ENTRY_REFUSED' });

test('takes a path of 255 characters, and none of more', () => {
  expect(parseEntryPath('x'.repeat(255))).toBe('x'.repeat(255));
  expect(() => parseEntryPath('x'.repeat(256))).toThrow(refused);
});

test('takes a path of five parts, and none of more', () => {
  expect(parseEntryPath('a/b/c/d/e')).toBe('a/b/c/d/e');
  expect(() => parseEntryPath('a/b/c/d/e/f')).toThrow(refused);
});
