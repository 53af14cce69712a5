import { expect, test } from '@jest/globals';
import { firstSequenceOf, rotatedFiles, rotatedName } from './log.ts';

test('rotated files sort by their first record', () => {
  const names = [10, 9, 1, 100_000].map(rotatedName);
  expect(rotatedFiles(['audit.jsonl', 'notes.txt', 'audit-1.jsonl', ...names]).map(firstSequenceOf)).toEqual([
    1, 9, 10, 100_000,
  ]);
});

test.each(['audit.jsonl', 'audit-0000000000000001.jsonl.gz', '../audit-0000000000000001.jsonl', ''])(
  '%j is no rotated file',
  (name) => {
    expect(firstSequenceOf(name)).toBeUndefined();
  },
);
