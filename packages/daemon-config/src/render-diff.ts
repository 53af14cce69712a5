import { printable } from './printable.ts';

const CONTEXT = 3;
/** Above it (a million-line file all new), the whole is shown as replaced rather than compared line by line. */
const MOST_CELLS = 4_000_000;
const NO_LINE_END = '\\ No newline at end of file';

type Line = { readonly mark: ' ' | '-' | '+'; readonly text: string };

/** A unified diff, for reading: line ends' kinds are not shown, and nothing in it can steer a terminal. */
export function renderDiff(before: string, after: string, path: string): string {
  if (before === after) return '';
  const lines = compare(toLines(before), toLines(after));
  const head = [`--- ${printable(path)}`, `+++ ${printable(path)}`];
  return [...head, ...hunks(lines).flatMap((hunk) => renderHunk(lines, hunk))].join('\n') + '\n';
}

type Hunk = { readonly start: number; readonly end: number };

function hunks(lines: readonly Line[]): readonly Hunk[] {
  const result: Hunk[] = [];
  lines.forEach(({ mark }, index) => {
    if (mark === ' ') return;
    const hunk = { start: Math.max(0, index - CONTEXT), end: Math.min(lines.length, index + CONTEXT + 1) };
    const last = result.at(-1);
    if (last === undefined || hunk.start > last.end) result.push(hunk);
    else result[result.length - 1] = { start: last.start, end: hunk.end };
  });
  return result;
}

function renderHunk(lines: readonly Line[], { start, end }: Hunk): readonly string[] {
  const shown = lines.slice(start, end);
  const earlier = lines.slice(0, start);
  const old = range(earlier, shown, '+');
  const now = range(earlier, shown, '-');
  return [`@@ -${old} +${now} @@`, ...shown.flatMap(renderLine)];
}

function range(earlier: readonly Line[], shown: readonly Line[], other: Line['mark']): string {
  const count = shown.filter(({ mark }) => mark !== other).length;
  const start = earlier.filter(({ mark }) => mark !== other).length + (count === 0 ? 0 : 1);
  return count === 1 ? `${start}` : `${start},${count}`;
}

function renderLine({ mark, text }: Line): readonly string[] {
  const line = mark + printable(text.replace(/\r?\n$/, ''));
  return text.endsWith('\n') ? [line] : [line, NO_LINE_END];
}

/** Lines with their ends, so that a missing last one counts as a difference. */
function toLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return [
    ...marked(before.slice(0, head), ' '),
    ...compareMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...marked(before.slice(before.length - tail), ' '),
  ];
}

function compareMiddle(before: readonly string[], after: readonly string[]): readonly Line[] {
  if (before.length * after.length > MOST_CELLS) return [...marked(before, '-'), ...marked(after, '+')];
  const common = commonLengths(before, after);
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]];
    if (old !== undefined && old === now) {
      lines.push({ mark: ' ', text: old });
      [i, j] = [i + 1, j + 1];
    } else if (old !== undefined && (now === undefined || at(common, i + 1, j) >= at(common, i, j + 1))) {
      lines.push({ mark: '-', text: old });
      i += 1;
    } else {
      lines.push({ mark: '+', text: now ?? '' });
      j += 1;
    }
  }
  return lines;
}

/** [i][j]: how many lines before[i…] and after[j…] have in common, in order. */
function commonLengths(before: readonly string[], after: readonly string[]): readonly Uint32Array[] {
  const table = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    const row = table[i] ?? new Uint32Array();
    for (let j = after.length - 1; j >= 0; j -= 1) {
      row[j] =
        before[i] === after[j]
          ? at(table, i + 1, j + 1) + 1
          : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}

function at(table: readonly Uint32Array[], i: number, j: number): number {
  return table[i]?.[j] ?? 0;
}

function marked(lines: readonly string[], mark: Line['mark']): readonly Line[] {
  return lines.map((text) => ({ mark, text }));
}
