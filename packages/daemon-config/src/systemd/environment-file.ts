const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const COMMENT = /[#;][^\n\r]*/y;
const EQUALS = /=/y;
const KEY = /[^=\n\r]*/y;
const BLANK = /[ \t]+/y;
const SPACE = /[ \t\n\r]+/y;
const SINGLE = /'([^']*)'?/y;
const DOUBLE = /"((?:\\[^]|[^"\\])*)"?/y;
const BARE = /(?:\\[^]|[^\n\r\\])+/y;

type Place = { readonly text: string; offset: number };

/**
 * Reads a file that `EnvironmentFile=` names, by the rules of systemd.exec(5), which are no shell's: nothing is
 * expanded, and `export` makes a line void. Later settings win.
 */
export function parseEnvironmentFile(text: string): ReadonlyMap<string, string> {
  const result = new Map<string, string>();
  const place: Place = { text, offset: 0 };
  while (place.offset < text.length) {
    take(place, SPACE);
    const key = take(place, COMMENT) === undefined ? take(place, KEY)?.[0].trim() : undefined;
    const value = take(place, EQUALS) === undefined ? undefined : readValue(place);
    if (key !== undefined && value !== undefined && NAME.test(key)) result.set(key, value);
  }
  return result;
}

/** Quoted pieces may follow one another; what is not quoted goes on to the end of the line, quotes included. */
function readValue(place: Place): string {
  let value = '';
  for (;;) {
    take(place, BLANK);
    const piece = readQuoted(place);
    if (piece === undefined) return value + unescapeBare(take(place, BARE)?.[0] ?? '');
    value += piece;
  }
}

function readQuoted(place: Place): string | undefined {
  const single = take(place, SINGLE);
  if (single !== undefined) return single[1] ?? '';
  const double = take(place, DOUBLE);
  return double === undefined ? undefined : unescapeDouble(double[1] ?? '');
}

/** As in a POSIX shell's double quotes, a backslash counts before these alone, and joins lines. */
function unescapeDouble(text: string): string {
  return text.replaceAll(/\\([^])/g, (all, next: string) =>
    next === '\n' ? '' : '"\\`$'.includes(next) ? next : all,
  );
}

/** Space at the end does not count, unless a backslash stands before it. */
function unescapeBare(text: string): string {
  let [value, space] = ['', ''];
  for (const [all, escaped] of text.matchAll(/\\([^]?)|[^]/g)) {
    if (escaped === undefined && (all === ' ' || all === '\t')) {
      space += all;
    } else {
      value += space + (escaped ?? all).replace(/[\n\r]/, '');
      space = '';
    }
  }
  return value;
}

function take(place: Place, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = place.offset;
  const found = pattern.exec(place.text) ?? undefined;
  place.offset += found?.[0].length ?? 0;
  return found;
}
