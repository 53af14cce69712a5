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

/** Records as RFC 4180 has them: a header, then a row for each, lines ended by CR LF. */
export function* toCsv(records: Iterable<Readonly<Record<string, unknown>>>): Generator<string> {
  yield `${COLUMNS.map(([name]) => name).join(',')}\r\n`;
  for (const record of records)
    yield `${COLUMNS.map(([, place]) => cell(valueAt(record, place))).join(',')}\r\n`;
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
