import { quote } from '@docker-mtls/errors';
import { unitProblem } from './unit-error.ts';

/** A word of a unit's line: as it is written there, and what it means. */
export type Word = { readonly raw: string; readonly value: string };

type Dialect = {
  /** `\x41` and the like count; otherwise a backslash only takes the next character literally. */
  readonly escapes: boolean;
};

const SPACE = /[ \t\n\r]/;
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  s: ' ',
  '\\': '\\',
  '"': '"',
  "'": "'",
};
const CODE_ESCAPE = /^(?:x([0-9a-fA-F]{2})|([0-3][0-7]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/;
const HIGHEST_CODE_POINT = 0x10ffff;

/** Splits as systemd splits `ExecStart=` and `Environment=` (systemd.syntax(7), "Quoting"). Throws `DAEMON_CONFIG_UNIT`. */
export function splitWords(text: string): readonly Word[] {
  return split(text, { escapes: true });
}

/** Splits as systemd splits the value of a `$FOO` that stands alone; a quote that is not closed counts to the end. */
export function splitExpansion(text: string): readonly string[] {
  return split(text, { escapes: false }).map(({ value }) => value);
}

/** Writes a word so that systemd reads it back as it is: no variable, no specifier, no separator. */
export function quoteWord(value: string, { expands }: { expands: boolean }): string {
  const literal = value.replaceAll('%', '%%').replaceAll('$', expands ? '$$$$' : '$$');
  if (/^[\w@:,./=+%$~[\]{}*?-]+$/.test(literal)) return literal;
  const escaped = literal.replaceAll(/["\\]/g, '\\$&').replaceAll(/\p{Cc}/gu, hexEscape);
  return `"${escaped}"`;
}

function split(text: string, dialect: Dialect): readonly Word[] {
  const words: Word[] = [];
  let offset = skipSpace(text, 0);
  while (offset < text.length) {
    const { value, end } = readWord(text, offset, dialect);
    const raw = text.slice(offset, end);
    // A lone semicolon would part two commands; this is how one is passed on.
    words.push({ raw, value: raw === '\\;' && dialect.escapes ? ';' : value });
    offset = skipSpace(text, end);
  }
  return words;
}

/** As systemd's extract_first_word(): quotes may open and close anywhere in a word. */
function readWord(text: string, start: number, dialect: Dialect): { value: string; end: number } {
  let value = '';
  let open = '';
  let offset = start;
  while (offset < text.length) {
    const character = text.charAt(offset);
    if (open === '' && SPACE.test(character)) return { value, end: offset };
    if (character === '\\') {
      const escape = readEscape(text, offset + 1, dialect);
      value += escape.value;
      offset = escape.end;
    } else {
      if (character === open) open = '';
      else if (open === '' && (character === '"' || character === "'")) open = character;
      else value += character;
      offset += 1;
    }
  }
  if (open === '' || !dialect.escapes) return { value, end: offset };
  throw unitProblem(
    `a quote is not closed in ${quote(text)}`,
    'close it; systemd ignores a line like this one',
  );
}

/** An escape that systemd does not know stays as it is written, backslash included. */
function readEscape(text: string, offset: number, { escapes }: Dialect): { value: string; end: number } {
  const first = text.charAt(offset);
  if (!escapes) return { value: first, end: offset + 1 };
  const simple = Object.hasOwn(SIMPLE_ESCAPES, first) ? SIMPLE_ESCAPES[first] : undefined;
  if (simple !== undefined) return { value: simple, end: offset + 1 };
  const [all = '', hex, octal, short, long] = CODE_ESCAPE.exec(text.slice(offset, offset + 9)) ?? [];
  const code =
    octal === undefined ? Number.parseInt(hex ?? short ?? long ?? '', 16) : Number.parseInt(octal, 8);
  if (!(code > 0 && code <= HIGHEST_CODE_POINT)) return { value: `\\${first}`, end: offset + 1 };
  return { value: String.fromCodePoint(code), end: offset + all.length };
}

function skipSpace(text: string, start: number): number {
  let offset = start;
  while (offset < text.length && SPACE.test(text.charAt(offset))) offset += 1;
  return offset;
}

function hexEscape(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
