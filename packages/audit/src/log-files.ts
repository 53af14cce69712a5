/** The file of a log that is written to; full ones are renamed. A record is one line, ended by a line feed. */
export const CURRENT_FILE = 'audit.jsonl';

const DIGITS = 16;
const ROTATED = /^audit-([0-9]{16})\.jsonl$/;

/** What a full file is renamed to: by the number of its first record, so that files sort as their records do. */
export function rotatedName(firstSequence: number): string {
  return `audit-${String(firstSequence).padStart(DIGITS, '0')}.jsonl`;
}

/** The first record of a rotated file. Undefined: not the name of one. */
export function firstSequenceOf(name: string): number | undefined {
  const [, digits] = ROTATED.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** The rotated files of a log, oldest first, among the names of what is in its folder. */
export function rotatedFiles(names: readonly string[]): readonly string[] {
  return names.filter((name) => firstSequenceOf(name) !== undefined).toSorted();
}
