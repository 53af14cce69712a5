import { distance, moment, table } from '@docker-mtls/text';
import type { Listed } from '@docker-mtls/authority/list-entries';

const HEAD = ['KIND', 'NAME', 'STATE', 'VALID UNTIL', '', 'SERIAL'];

export function asTable(listed: readonly Listed[], now: Date): string {
  const rows = listed.map(({ entry, state }) => [
    entry.kind,
    entry.name,
    state,
    moment(entry.notAfter),
    distance(entry.notAfter, now),
    entry.serial,
  ]);
  return table([HEAD, ...rows]);
}

const CSV_HEAD = ['kind', 'name', 'state', 'groups', 'notBefore', 'notAfter', 'serial', 'fingerprint'];

/** RFC 4180, with a line feed alone at the ends of its lines, as the other tools of a shell expect. */
export function asCsv(listed: readonly Listed[]): string {
  const rows = listed.map(({ entry, state }) => [
    entry.kind,
    entry.name,
    state,
    entry.groups.join(';'),
    entry.notBefore.toISOString(),
    entry.notAfter.toISOString(),
    entry.serial,
    entry.fingerprint,
  ]);
  return [CSV_HEAD, ...rows].map((row) => `${row.map(csvCell).join(',')}\n`).join('');
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
