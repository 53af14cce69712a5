import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { renderDiff } from './render-diff.ts';

/** Puts a diff's hunks into a text, as patch(1) does. */
function patch(before: string, diff: string): string {
  const source = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const result: string[] = [];
  let at = 0;
  const lines = diff.split('\n').slice(2, -1);
  lines.forEach((line, index) => {
    const hunk = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    const end = lines[index + 1]?.startsWith('\\') === true ? '' : '\n';
    if (hunk !== null) {
      const start = Number(hunk[1]) - (hunk[2] === '0' ? 0 : 1);
      result.push(...source.slice(at, start));
      at = start;
    } else if (line.startsWith('-')) at += 1;
    else if (line.startsWith('+')) result.push(line.slice(1) + end);
    else if (line.startsWith(' ')) result.push(source[at++] ?? '');
  });
  return [...result, ...source.slice(at)].join('');
}

describe('renderDiff', () => {
  test('is empty when nothing differs', () => {
    expect(renderDiff('a\n', 'a\n', 'x')).toBe('');
  });

  test('is what diff -u prints', () => {
    const before = Array.from({ length: 20 }, (_, n) => `${n}\n`).join('');
    const after = before.replace('3\n', 'three\n').replace('18\n19\n', '18\n19\nend');
    expect(renderDiff(before, after, '/etc/docker/daemon.json')).toBe(
      [
        '--- /etc/docker/daemon.json',
        '+++ /etc/docker/daemon.json',
        '@@ -1,7 +1,7 @@',
        ' 0',
        ' 1',
        ' 2',
        '-3',
        '+three',
        ' 4',
        ' 5',
        ' 6',
        '@@ -18,3 +18,4 @@',
        ' 17',
        ' 18',
        ' 19',
        '+end',
        '\\ No newline at end of file',
        '',
      ].join('\n'),
    );
  });

  test('of a new file shows all of it', () => {
    expect(renderDiff('', '{\n}\n', 'x')).toBe('--- x\n+++ x\n@@ -0,0 +1,2 @@\n+{\n+}\n');
  });

  test('holds all that is needed to make the one text from the other', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c\n', '\n', 'd\n'), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = renderDiff(before, after, 'x');
        expect(before === after ? before : patch(before, diff)).toBe(after);
      }),
      { numRuns: 1000 },
    );
  });

  test('shows neither line ends nor what would steer a terminal', () => {
    const diff = renderDiff('', '{"a": "\u009b31m\u202e"}\r\n', 'x');
    expect(diff).toContain('+{"a": "\\u009b31m\\u202e"}\n');
  });

  test('takes its time neither for a long line nor for many lines', () => {
    const long = 'x\n'.repeat(100_000);
    expect(renderDiff(long, 'y\n'.repeat(100_000), 'x')).toContain('@@ -1,100000 +1,100000 @@');
    expect(renderDiff('x'.repeat(1_000_000), 'y', 'x')).toContain('+y');
  });
});
