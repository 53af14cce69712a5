/** Numbers that look random and are the same on every run. */
export type Random = {
  readonly below: (limit: number) => number;
  readonly chance: (percent: number) => boolean;
  readonly pick: <T>(items: readonly [T, ...T[]]) => T;
  readonly some: <T>(items: readonly T[], most: number) => T[];
};

/** mulberry32 */
export function seeded(seed: number): Random {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    chance: (percent) => next() * 100 < percent,
    pick: (items) => items[below(items.length)] ?? items[0],
    some: (items, most) => {
      const count = below(most + 1);
      return Array.from({ length: count }, () => items[below(items.length)]).filter(
        (item) => item !== undefined,
      );
    },
  };
}
