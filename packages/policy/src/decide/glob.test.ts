import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { matchesName, matchesReference } from './glob.ts';

const PATTERN = fc.array(fc.constantFrom('a', 'b', '/', '.', '*', '**'), { maxLength: 8 });
const TEXT = fc.array(fc.constantFrom('a', 'b', '/', '.'), { maxLength: 10 });

/** What a pattern means, as a regular expression says it. */
function meaning(pattern: readonly string[], star: string): RegExp {
  const source = pattern.map((part) => ({ '*': star, '**': '.*', '.': '[.]' })[part] ?? part).join('');
  return new RegExp(`^${source}$`);
}

test('a pattern matches what it stands for', () => {
  fc.assert(
    fc.property(PATTERN, TEXT, (pattern, letters) => {
      const text = letters.join('');
      // Next to each other, stars are read from the left.
      const parts = pattern.join('').split(/(\*\*|\*)/);
      const whole = [...parts].flatMap((part) => (part.includes('*') ? [part] : [...part]));
      expect(matchesName(pattern.join(''), text)).toBe(meaning(whole, '.*').test(text));
      expect(matchesReference(pattern.join(''), text)).toBe(meaning(whole, '[^/]*').test(text));
    }),
    { numRuns: 3000 },
  );
});

test('no star matches a line break', () => {
  expect([matchesName('web*', 'web\n'), matchesReference('a/*', 'a/\n')]).toEqual([false, false]);
});

test('many stars are tried in a time that does not grow with their number, or the test would not end', () => {
  for (const star of ['*', '**']) {
    const pattern = `${`a${star}`.repeat(12)}z`;
    expect(matchesName(pattern, 'a'.repeat(500))).toBe(false);
    expect(matchesReference(pattern, 'a'.repeat(500))).toBe(false);
  }
});
