import stringWidth from 'fast-string-width';

/** How many columns of a terminal a text takes: two for each Hangul or CJK character, none for a combining one. */
export function displayWidth(text: string): number {
  // Hangul that was taken apart (NFD) is drawn like the composed syllable.
  return stringWidth(text.normalize('NFC'));
}

/** Fills a text with spaces up to a width on the terminal. */
export function displayPad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** Rows in columns, with two spaces between them, and none at the ends of lines. */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = largest(rows, (row) => row.length);
  const widths = Array.from({ length: columns }, (_, column) =>
    largest(rows, (row) => displayWidth(row[column] ?? '')),
  );
  return rows
    .map((row) => row.map((cell, column) => displayPad(cell, widths[column] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** There may be more rows than a call takes arguments. */
function largest<T>(items: readonly T[], size: (item: T) => number): number {
  return items.reduce((most, item) => Math.max(most, size(item)), 0);
}
