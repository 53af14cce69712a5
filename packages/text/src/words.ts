const DAY = 24 * 60 * 60 * 1000;

/** A moment as people read it, in UTC: `2026-01-01 00:00 UTC`. */
export function moment(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A moment on the clock on the wall, for what is done at night: `2026-01-01 02:00 local time`. */
export function localMoment(date: Date): string {
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(two).join('-');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())} local time`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** How far away a moment is: `in 365 days`, `in 11 hours`, `3 days ago`. */
export function distance(date: Date, now: Date): string {
  const span = date.getTime() - now.getTime();
  const [count, unit] = largestUnit(Math.abs(span));
  const words = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return span < 0 ? `${words} ago` : `in ${words}`;
}

function largestUnit(span: number): readonly [number, string] {
  if (span >= 2 * DAY) return [Math.round(span / DAY), 'day'];
  if (span >= DAY / 12) return [Math.round(span / (DAY / 24)), 'hour'];
  return [Math.round(span / 60_000), 'minute'];
}

/** `1 client`, `2 clients`. */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

const SHOWN = 8;
const LONGEST = 100;

/** The first of many, each cut to a length that a line can hold: `a, b and 12 more`. */
export function someOf(items: readonly string[]): string {
  const shown = items
    .slice(0, SHOWN)
    .map((each) => (each.length > LONGEST ? `${each.slice(0, LONGEST)}…` : each));
  const more = items.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Hexadecimal digits in pairs, as other tools print fingerprints. */
export function colons(hex: string): string {
  return hex.toUpperCase().replaceAll(/..(?=.)/g, '$&:');
}

/** Lines of a label and a value, the values in one column. */
export function facts(rows: readonly (readonly [label: string, value: string])[]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}\n`).join('');
}
