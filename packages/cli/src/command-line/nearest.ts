const SHORTEST_START = 3;

/** In a short word, two letters are half of it. */
function mostTypos(word: string): number {
  return lettersOf(word) < 5 ? 1 : 2;
}

function lettersOf(word: string): number {
  return word.replaceAll('-', '').length;
}

/** The word that was probably meant: one that goes on as what was typed begins, or that two slips of a finger make of it. */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  if (lettersOf(typed) < SHORTEST_START) return undefined;
  const [longer, ...others] = words.filter((word) => word.startsWith(typed));
  if (longer !== undefined && others.length === 0) return longer;
  const near = words
    .filter((word) => Math.abs(word.length - typed.length) <= mostTypos(word))
    .map((word) => ({ word, typos: typosBetween(typed, word) }))
    .filter(({ word, typos }) => typos <= mostTypos(word))
    .toSorted((a, b) => a.typos - b.typos)[0];
  return near?.word;
}

/** Letters put in, left out, replaced, or swapped with the next: the optimal string alignment distance. */
function typosBetween(from: string, to: string): number {
  const rows = [[...Array(to.length + 1).keys()]];
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      row[j] = Math.min(
        at(rows[i - 1], j) + 1,
        at(row, j - 1) + 1,
        at(rows[i - 1], j - 1) + same,
        isSwap ? at(rows[i - 2], j - 2) + 1 : Infinity,
      );
    }
    rows.push(row);
  }
  return at(rows[from.length], to.length);
}

function at(row: readonly number[] | undefined, index: number): number {
  return row?.[index] ?? Infinity;
}
