import path from 'node:path';
import { listIssuer } from '@docker-mtls/authority';
import { readCrl } from '@docker-mtls/ca';
import type { Crl, RevokedCertificate } from '@docker-mtls/ca';
import { quote } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { counted, distance, facts, moment, table } from '@docker-mtls/text';
import { withCliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { LARGEST_LIST } from './largest-list.ts';

type Row = RevokedCertificate & { readonly kind?: string; readonly name?: string };

/** Explains a revocation list: a file's, which may be another CA's, or that of the CA. */
export async function showCrl(args: Args, io: Io): Promise<Report> {
  const file = args.text('file');
  if (file !== undefined) return reportOf(readList(path.resolve(io.cwd, file)), io.now());
  return withCliSession(args, io, async ({ reader }) => {
    const crl = readList(path.join(reader.directory, 'crl.pem'));
    return reportOf(
      crl,
      io.now(),
      crl.authorityKeyId === listIssuer(reader)
        ? crl.revoked.map((entry) => named(reader, entry))
        : undefined,
    );
  });
}

function readList(file: string): Crl {
  return readCrl(readFile(file, LARGEST_LIST));
}

function named(reader: StoreReader, entry: RevokedCertificate): Row {
  const found = reader.find(entry.serial).find(({ serial }) => serial === entry.serial);
  return { ...entry, ...(found !== undefined && { kind: found.kind, name: found.name }) };
}

function reportOf(crl: Crl, now: Date, rows: readonly Row[] = crl.revoked): Report {
  const { issuer, number, thisUpdate, nextUpdate, authorityKeyId } = crl;
  const isStale = nextUpdate !== undefined && nextUpdate < now;
  return {
    json: {
      issuer: issuer.text,
      ...(authorityKeyId !== undefined && { authorityKeyId }),
      ...(number !== undefined && { number: String(number) }),
      thisUpdate: thisUpdate.toISOString(),
      ...(nextUpdate !== undefined && { nextUpdate: nextUpdate.toISOString() }),
      stale: isStale,
      revoked: rows.map(({ revokedAt, ...row }) => ({ ...row, revokedAt: revokedAt.toISOString() })),
    },
    text: `Revocation list of ${quote(issuer.text)}\n${facts([
      ['number', number === undefined ? 'none' : String(number)],
      ['made', moment(thisUpdate)],
      ['next one due', dueText(nextUpdate, now)],
      ['revoked', counted(rows.length, 'certificate', 'certificates')],
    ])}${rows.length === 0 ? '' : table([HEAD, ...rows.map(cells)])}`,
  };
}

function dueText(nextUpdate: Date | undefined, now: Date): string {
  if (nextUpdate === undefined) return 'not said';
  const due = `${moment(nextUpdate)} (${distance(nextUpdate, now)})`;
  return nextUpdate < now ? `${due}: programs refuse this list now; docker-mtls crl makes the next one` : due;
}

const HEAD = ['SERIAL', 'REVOKED', 'REASON', 'KIND', 'NAME'];

function cells({ serial, revokedAt, reason = 'unspecified', kind = '', name = '' }: Row): readonly string[] {
  return [serial, moment(revokedAt), reason, kind, name];
}
