import { valueAt } from './query.ts';

const COLUMNS: readonly (readonly [string, readonly string[]])[] = [
  ['time', ['time']],
  ['id', ['id']],
  ['type', ['type']],
  ['cn', ['who', 'cn']],
  ['ou', ['who', 'ou']],
  ['serial', ['who', 'serial']],
  ['fingerprint', ['who', 'fingerprint']],
  ['issuer', ['who', 'issuer']],
  ['operation', ['what', 'operation']],
  ['method', ['what', 'method']],
  ['uri', ['what', 'uri']],
  ['object', ['what', 'object']],
  ['risks', ['what', 'risks']],
  ['verdict', ['verdict']],
  ['role', ['role']],
  ['rule', ['rule']],
  ['guard', ['guard']],
  ['reason', ['reason']],
  ['status', ['status']],
  ['duration', ['duration']],
];

/** What came into force, of a record of that type: its `what` is one word, where that of a decision has members. */
const OF_A_CHANGE = ['changed', 'sha256'] as const;

/** Records as RFC 4180 has them: a header, then a row for each, lines ended by CR LF. */
export function* toCsv(records: Iterable<Readonly<Record<string, unknown>>>): Generator<string> {
  yield `${[...COLUMNS.map(([name]) => name), ...OF_A_CHANGE].join(',')}\r\n`;
  for (const record of records) yield `${valuesOf(record).map(cell).join(',')}\r\n`;
}

function valuesOf(record: Readonly<Record<string, unknown>>): readonly unknown[] {
  const change = record['type'] === 'change' ? [record['what'], record['sha256']] : [undefined, undefined];
  return [...COLUMNS.map(([, place]) => valueAt(record, place)), ...change];
}

function cell(value: unknown): string {
  const text = Array.isArray(value)
    ? value.join(' ')
    : value === undefined || value === null
      ? ''
      : String(value);
  // A spreadsheet would run it: a client chooses the names that stand here.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
