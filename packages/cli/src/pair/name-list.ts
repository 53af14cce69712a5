/** Names in the order in which they were added. */
export type NameList = Iterable<string> & {
  readonly add: (names: readonly string[]) => void;
  readonly has: (name: string) => boolean;
  readonly isEmpty: () => boolean;
};

/**
 * Keeps the names of clients as texts of many lines: no name has a line feed in it. A string for each of a hundred thousand,
 * and a set of them, would need as much memory as all else of a renewal, because V8 lets a heap grow to twice what is in use.
 */
export function nameList(): NameList {
  const texts: string[] = [];
  return {
    add: (names) => {
      if (names.length > 0) texts.push(['', ...names, ''].join('\n'));
    },
    has: (name) => texts.some((text) => text.includes(`\n${name}\n`)),
    isEmpty: () => texts.length === 0,
    *[Symbol.iterator]() {
      for (const text of texts) yield* text.slice(1, -1).split('\n');
    },
  };
}
