import path from 'node:path';
import { readerIfAny } from '@docker-mtls/authority';
import { readCrls } from '@docker-mtls/ca';
import type { Crl, RevokedCertificate } from '@docker-mtls/ca';
import { orRefusedLater, quote } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import { LARGEST_LIST } from '@docker-mtls/ca-directory';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { counted, distance, facts, moment, table } from '@docker-mtls/text';
import { caDirectory } from '../../ca/ca-directory.ts';
import { withCliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { ifHome } from '../../io/home-folder.ts';
import type { Io } from '../../io/io.ts';

type Row = RevokedCertificate & { readonly kind?: string; readonly name?: string };

/** Explains a revocation list: a file's, which may be another CA's, or that of the CA. */
export async function showCrl(args: Args, io: Io): Promise<Report> {
  const file = args.text('file');
  if (file !== undefined) return showFile(path.resolve(io.cwd, file), args, io);
  return withCliSession(args, io, async ({ reader }) => {
    const lists = readLists(path.join(reader.directory, 'crl.pem'));
    return reportOf(await withNames(reader, lists), io.now());
  });
}

/** It may be another CA's, and there need not be a CA here, or a sound one: its registry only adds names. */
async function showFile(file: string, args: Args, io: Io): Promise<Report> {
  const lists = readLists(file);
  const directory = ifHome(() => caDirectory(args, io));
  const reader = directory === undefined ? undefined : await readerIfAny(directory);
  if (reader === undefined) return reportOf(lists, io.now());
  try {
    const shown = await orRefusedLater(
      () => withNames(reader, lists),
      () => lists,
    );
    return reportOf(shown, io.now());
  } finally {
    await reader.close();
  }
}

type ShownList = Omit<Crl, 'revoked'> & { readonly revoked: readonly Row[] };

/** In the course of a rotation, each key of a CA has a list. */
function readLists(file: string): readonly Crl[] {
  return readCrls(readFile(file, LARGEST_LIST));
}

/** The lists of this CA's keys, of former ones too, say whose certificates they are. */
async function withNames(reader: StoreReader, lists: readonly Crl[]): Promise<readonly ShownList[]> {
  const trusted = (await reader.authorities()).map(({ keyId }) => keyId);
  const shown: ShownList[] = [];
  for (const crl of lists) {
    const key = crl.authorityKeyId ?? '';
    const revoked: Row[] = [];
    for (const entry of crl.revoked)
      revoked.push(await named(reader, entry, { key, isTrusted: trusted.includes(key) }));
    shown.push({ ...crl, revoked });
  }
  return shown;
}

type Issuer = { readonly key: string; readonly isTrusted: boolean };

/** Another CA may have given the same serial number: it is looked at, unless the list is of a key that this CA has now. */
async function named(
  reader: StoreReader,
  entry: RevokedCertificate,
  { key, isTrusted }: Issuer,
): Promise<Row> {
  const entries = await reader.find(entry.serial);
  const found = entries.find(({ serial }) => serial === entry.serial);
  const isKnown = found !== undefined && (isTrusted || found.certificate().info.authorityKeyId === key);
  return { ...entry, ...(isKnown && { kind: found.kind, name: found.name }) };
}

function reportOf([first, ...others]: readonly ShownList[], now: Date): Report {
  if (first === undefined) throw new Error('a file of lists has one');
  return {
    json: {
      ...listJson(first, now),
      ...(others.length > 0 && { others: others.map((list) => listJson(list, now)) }),
    },
    text: [first, ...others].map((list) => listText(list, now)).join('\n'),
  };
}

function listJson(list: ShownList, now: Date): Record<string, unknown> {
  const { issuer, number, thisUpdate, nextUpdate, authorityKeyId, revoked } = list;
  return {
    issuer: issuer.text,
    ...(authorityKeyId !== undefined && { authorityKeyId }),
    ...(number !== undefined && { number: String(number) }),
    thisUpdate: thisUpdate.toISOString(),
    ...(nextUpdate !== undefined && { nextUpdate: nextUpdate.toISOString() }),
    stale: nextUpdate !== undefined && nextUpdate < now,
    revoked: revoked.map(({ revokedAt, ...row }) => ({ ...row, revokedAt: revokedAt.toISOString() })),
  };
}

function listText({ issuer, number, thisUpdate, nextUpdate, revoked }: ShownList, now: Date): string {
  return `Revocation list of ${quote(issuer.text)}\n${facts([
    ['number', number === undefined ? 'none' : String(number)],
    ['made', madeText(thisUpdate, now)],
    ['next one due', dueText(nextUpdate, now)],
    ['revoked', counted(revoked.length, 'certificate', 'certificates')],
  ])}${revoked.length === 0 ? '' : table([HEAD, ...revoked.map(cells)])}`;
}

function madeText(thisUpdate: Date, now: Date): string {
  const made = moment(thisUpdate);
  return thisUpdate > now
    ? `${made} (${distance(thisUpdate, now)}): programs refuse this list until then`
    : made;
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
