import { createHash, createPublicKey } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { newPairHint } from '@docker-mtls/authority';
import { parsePem, readCertificates } from '@docker-mtls/ca';
import { LEAF_FILES, toFolderName } from '@docker-mtls/ca-directory';
import type { Entry } from '@docker-mtls/ca-directory';
import { orRefused, unlessRefused } from '@docker-mtls/errors';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import { lookAt } from '../look-at.ts';
import { notSeen } from '../not-seen.ts';
import { accessFaults, accessFinding, ANY_ACCESS_OF_OTHERS, WRITABLE_BY_OTHERS } from './access-faults.ts';
import type { Guarded } from './access-faults.ts';
import { compareFile, contentOf, readOwner } from './compare-file.ts';
import { findingSubjectOf } from './words.ts';

/** What the files of a pair are compared with. */
export type PairSurroundings = {
  readonly directory: string;
  /** Of the CA directory. */
  readonly stats: fs.Stats;
  /** What `ca.pem` is to hold. */
  readonly ca: string;
};

type PairPlaces = {
  readonly folder: string;
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
};

/** Compares the files of a pair in force with the registry, and looks at who else may get at them. */
export function pairFindings(entry: Entry, surroundings: PairSurroundings): readonly FoundFinding[] {
  return orRefused(
    () => inspectPair(entry, placesOf(entry, surroundings.directory), surroundings),
    // The registry has a name that is none, or no certificate: the other pairs are looked at all the same.
    ({ message, hint }) => [notSeen(findingSubjectOf(entry), message, hint)],
  );
}

function inspectPair(
  entry: Entry,
  places: PairPlaces | undefined,
  surroundings: PairSurroundings,
): readonly FoundFinding[] {
  if (places === undefined) return [];
  const sight = lookAt(places.folder);
  if (sight.kind === 'unseen') return [notSeen(places.folder, sight.reason)];
  if (sight.kind === 'missing') return [missingPair(entry, places)];
  return [
    ...accessFaults(guardedOfPair(places), surroundings.stats).map(accessFinding),
    ...contentFindings(entry, places, surroundings),
  ];
}

function placesOf({ kind, name }: Entry, directory: string): PairPlaces | undefined {
  if (kind !== 'server' && kind !== 'client') return undefined;
  const { folder: kindFolder, ca, certificate, key } = LEAF_FILES[kind];
  const folder = path.join(directory, kindFolder, toFolderName(kind, name));
  const at = (file: string): string => path.join(folder, file);
  return { folder, ca: at(ca), certificate: at(certificate), key: at(key) };
}

/** Without its files an engine or a client has to be elsewhere, or the pair is of no use any more. */
function missingPair(entry: Entry, { folder }: PairPlaces): FoundFinding {
  const subject = findingSubjectOf(entry);
  return found('authority', 'pair-missing', {
    subject,
    message: `its files are not in ${folder}`,
    hint: `if the key is lost, ${newPairHint(entry)}`,
  });
}

function guardedOfPair({ folder, ca, certificate, key }: PairPlaces): readonly Guarded[] {
  return [
    ...[folder, ca, certificate].map((each) => ({
      path: each,
      word: 'file-writable' as const,
      forbidden: WRITABLE_BY_OTHERS,
    })),
    { path: key, word: 'key-readable', forbidden: ANY_ACCESS_OF_OTHERS },
  ];
}

function contentFindings(
  entry: Entry,
  { ca, certificate, key }: PairPlaces,
  { ca: roots, stats }: PairSurroundings,
): readonly FoundFinding[] {
  const owner = readOwner(stats);
  return [
    ...compareFile(certificate, owner, (content) => whyOtherCertificate(content, entry)),
    ...compareFile(ca, owner, (content) => whyOtherRoots(content, roots)),
    ...keyFindings(entry, key, owner),
  ];
}

/** Of a signed request, the key was never here, nor a link to it. */
function keyFindings(entry: Entry, file: string, owner: number | undefined): readonly FoundFinding[] {
  const content = contentOf(file, owner);
  if (content === undefined)
    return fs.lstatSync(file, { throwIfNoEntry: false }) === undefined ? [] : [missingKey(entry, file)];
  if (typeof content === 'string') return [notSeen(file, content)];
  if (isKeyOf(entry, content)) return [];
  const message = 'it is not the key of the certificate on record';
  const hint = `copy it from a restored backup; if it is lost, ${newPairHint(entry)}`;
  return [found('authority', 'file-differs', { subject: file, message, hint })];
}

function missingKey(entry: Entry, file: string): FoundFinding {
  const hint = `copy it back from its holder or a restored backup; if it is lost, ${newPairHint(entry)}`;
  return found('authority', 'pair-key-missing', { subject: file, message: 'it was removed', hint });
}

/** Whether a key is good enough is another question. */
function isKeyOf(entry: Entry, content: Buffer): boolean {
  const { publicKey } = entry.certificate().info;
  try {
    return createPublicKey(content).export({ type: 'spki', format: 'der' }).equals(publicKey);
  } catch {
    // No key that OpenSSL can read, and so none that an engine or a client could use.
    return false;
  }
}

function whyOtherCertificate(bytes: Buffer, { fingerprint, serial }: Entry): string | undefined {
  const [first] = blocksIn(bytes);
  if (first === undefined) return 'holds no certificate';
  return createHash('sha256').update(first).digest('hex') === fingerprint
    ? undefined
    : `holds another certificate than ${serial}, which is on record as the one in force`;
}

function blocksIn(bytes: Buffer): readonly Buffer[] {
  return parsePem(bytes).flatMap(({ label, der }) => (label === 'CERTIFICATE' ? [der] : []));
}

/** There may be more in it than has to be: somebody may have added a CA. */
export function whyOtherRoots(bytes: Buffer, roots: string): string | undefined {
  if (bytes.equals(Buffer.from(roots))) return undefined;
  const [held, wanted] = [fingerprintsIn(bytes), fingerprintsIn(Buffer.from(roots))];
  if (held === undefined) return 'holds no certificates';
  if (wanted?.some((each) => !held.includes(each))) return 'lacks a CA that is trusted';
  return held.some((each) => wanted?.includes(each) === false)
    ? 'holds a CA that is not on record here'
    : undefined;
}

function fingerprintsIn(bytes: Buffer): readonly string[] | undefined {
  return unlessRefused(() => readCertificates(bytes).map(({ info }) => info.fingerprint));
}
