import type { Entry } from '@docker-mtls/store';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { withSession } from '../../ca/session.ts';
import { distance, moment } from '@docker-mtls/text';

/** What was issued, and until when. */
export function run(args: Args, io: Io): Promise<Report> {
  return withSession(args, io, async ({ reader }) => {
    const now = io.now();
    const entries = reader
      .entries({ all: true })
      .filter((entry) => args.flag('all') === true || isInUse(entry, now));
    return {
      json: { directory: reader.directory, certificates: entries.map(entryJson) },
      text: table(entries, now),
    };
  });
}

function isInUse({ kind, status, notAfter }: Entry, now: Date): boolean {
  return kind !== 'probe' && status === 'current' && notAfter > now;
}

export function entryJson({
  kind,
  name,
  serial,
  notBefore,
  notAfter,
  issuedAt,
  issuedBy,
  status,
  fingerprint,
  keyType,
  directory,
}: Entry): Record<string, unknown> {
  return {
    kind,
    name,
    serial,
    status,
    keyType,
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    issuedAt: issuedAt.toISOString(),
    issuedBy,
    fingerprint,
    directory,
  };
}

function table(entries: readonly Entry[], now: Date): string {
  const head = ['KIND', 'NAME', 'STATUS', 'VALID UNTIL', '', 'SERIAL'];
  const rows = entries.map((entry) => [
    entry.kind,
    entry.name,
    statusOf(entry, now),
    moment(entry.notAfter),
    distance(entry.notAfter, now),
    entry.serial,
  ]);
  return aligned([head, ...rows]);
}

function statusOf({ status, notAfter }: Entry, now: Date): string {
  return status === 'current' && notAfter <= now ? 'expired' : status;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}
