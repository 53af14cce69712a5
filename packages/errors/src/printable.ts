const LONGEST_TEXT = 80;

/** Escapes make text longer: this much of it may stand in a message. */
const LONGEST_QUOTE = 120;

/** Is this printable ASCII alone? Most text is, and needs no `unicodePattern`. */
export function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

/**
 * A pattern with classes of Unicode (`\p{…}`), for text that is not plain. V8 builds the classes of a literal when it reads
 * the file, needed or not: those of this program took 4 ms of every command.
 */
export function unicodePattern(source: string, flags = ''): RegExp {
  return new RegExp(source, `u${flags}`);
}

/**
 * Every character that a terminal could act on or hide (controls, bidi overrides, zero-width and unassigned
 * ones, line separators) written as `\u{…}`. `JSON.stringify` alone leaves most of them as they are.
 */
export function escapeUnprintable(text: string): string {
  if (isPlain(text)) return text;
  return text.replaceAll(
    unicodePattern(String.raw`[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`, 'g'),
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Text from outside, in double quotes, cut and made safe to print in an error. */
export function quote(text: string): string {
  const quoted = escapeUnprintable(JSON.stringify(text.slice(0, LONGEST_TEXT)));
  if (text.length <= LONGEST_TEXT && quoted.length <= LONGEST_QUOTE) return quoted;
  return `${quoted.slice(0, -1).slice(0, LONGEST_QUOTE)}…"`;
}

/** As `quote`, of any value of JSON. What lies deeper in it is left out: it may be deeper than a stack. */
export function quoteJson(value: unknown): string {
  let isInside = false;
  const text = JSON.stringify(value, (_key, each: unknown) => {
    if (isInside && typeof each === 'object' && each !== null) return '…';
    isInside = true;
    return each;
  });
  return quote(text ?? String(value));
}
