import fs from 'node:fs';
import path from 'node:path';
import { packBundle, readArchive } from '@docker-mtls/bundle';
import type { FlatLayout } from '@docker-mtls/bundle';
import { readCertificate, readCertificates } from '@docker-mtls/ca';
import type { CertificateInfo } from '@docker-mtls/ca';
import { hasCode, unlessRefused } from '@docker-mtls/errors';
import {
  explained,
  lstatIfExists,
  PRIVATE_FILE,
  readFileIfExists,
  replaceFile,
  replaceFiles,
} from '@docker-mtls/files';
import { refuseCaPlace } from '@docker-mtls/ca-directory';
import type { Entry } from '@docker-mtls/ca-directory';
import { clientFiles } from './client-files.ts';
import { hasKey } from './current-pair.ts';
import { AuthorityError } from './error.ts';

/** The largest archive that we would compare with a new one; ours hold three small files. */
export const LARGEST_BUNDLE: number = 1024 * 1024;

/** Packs a client's published files. A client whose key never was here gets its certificates alone. */
export function packClient(client: Entry, layout: FlatLayout): Buffer {
  return packBundle(clientFiles(client), { layout });
}

// As every layout names them.
const CERTIFICATE_FILE = /(^|[-/])cert\.pem$/;
const KEY_FILE = /(^|[-/])key\.pem$/;

/** A client whose whole folder is gone gets a new one, with a key. */
function isWithoutKey(client: Entry): boolean {
  return client.directory !== undefined && !hasKey(client);
}

/** Where a bundle goes when nobody says: as the book names it, or after the client. */
export function bundleFileName(name: string, layout: FlatLayout): string {
  return layout === 'pwd' ? 'pwd-client-certs' : `${name}.tar.gz`;
}

/** Whether a file that stands where an archive goes may be replaced; `undefined` is one that we cannot have written. */
export type MayReplace = (old: Buffer | undefined) => boolean;

/**
 * Writes an archive, private from its first byte. The same bytes at `file` are left alone; others only give way if
 * they may (`BUNDLE_EXISTS`). Returns whether anything was written.
 */
export function writeBundle(file: string, data: Buffer, mayReplace: MayReplace): boolean {
  if (!isChanged(path.dirname(file), { name: path.basename(file), data, mayReplace })) return false;
  replaceFile(file, data, PRIVATE_FILE);
  return true;
}

/** A file of a folder of bundles, and what it may take the place of. */
export type BundlePlace = { readonly name: string; readonly mayReplace: MayReplace };
export type BundleArchive = BundlePlace & { readonly data: Buffer };

/** Throws, before anything is made, what `writeBundles` would throw later. The folder is there. */
export function checkBundlePlaces(folder: string, places: readonly BundlePlace[]): void {
  const names = new Set(explained('read', folder, () => fs.readdirSync(folder)));
  for (const { name, mayReplace } of places)
    if (names.has(name)) checkBundlePlace(path.join(folder, name), mayReplace);
}

/** As `writeBundle`, of many in one folder, which go to the disk together. Returns which were written. */
export function writeBundles(folder: string, archives: readonly BundleArchive[]): readonly boolean[] {
  const changed = new Set(archives.filter((archive) => isChanged(folder, archive)));
  if (changed.size > 0)
    replaceFiles(
      folder,
      [...changed].map(({ name, data }) => ({ name, data, mode: PRIVATE_FILE })),
    );
  return archives.map((archive) => changed.has(archive));
}

function isChanged(folder: string, { name, data, mayReplace }: BundleArchive): boolean {
  const file = path.join(folder, name);
  const old = standing(file);
  if (old?.bytes?.equals(data)) return false;
  if (old !== undefined) refuseToLose(file, old, mayReplace);
  return true;
}

/** Throws, before anything is made, what `writeBundle` would throw later. */
export function checkBundlePlace(file: string, mayReplace: MayReplace): void {
  const old = standing(file);
  if (old !== undefined) return refuseToLose(file, old, mayReplace);
  requireFolder(path.dirname(file));
  explained('create', file, () => fs.accessSync(path.dirname(file), fs.constants.W_OK));
}

type Standing = { readonly bytes: Buffer | undefined };

/** Codes: `BUNDLE_EXISTS`; `OUT_EXISTS` for what a CA directory has of its own, whatever may be replaced. */
function refuseToLose(file: string, { bytes }: Standing, mayReplace: MayReplace): void {
  if (!mayReplace(bytes)) throw bundleExists(file);
  refuseCaPlace(file);
}

/** What stands at a path: nothing; a file; or a link to nowhere or a file too large for a bundle, unread. */
function standing(file: string): Standing | undefined {
  try {
    const bytes = readFileIfExists(file, LARGEST_BUNDLE);
    if (bytes !== undefined) return { bytes };
    return lstatIfExists(file) === undefined ? undefined : { bytes: undefined };
  } catch (error) {
    if (hasCode(error, 'FILE_TOO_LARGE')) return { bytes: undefined };
    throw error;
  }
}

function requireFolder(folder: string): void {
  explained('read', folder, () => fs.readdirSync(folder));
}

function bundleExists(file: string): AuthorityError {
  return new AuthorityError('BUNDLE_EXISTS', `${file} exists already, and holds something else`, {
    hint: 'look into it first, it may have the only copy of a key; then bundle --force replaces it, or -o writes elsewhere',
  });
}

/**
 * Is this an archive that the client was handed before, by the same CA? Then a new one takes its place; but not one
 * without a key that of one with a key, which may be the only copy left.
 */
export function isEarlierBundle(old: Buffer | undefined, client: Entry): boolean {
  if (old === undefined) return false;
  const isIt = unlessRefused(() => {
    const { files } = readArchive(old);
    if (isWithoutKey(client) && files.some(({ path: name }) => KEY_FILE.test(name))) return false;
    const earlier = certificateIn(files);
    return earlier?.subject.commonName === client.name && keysOf(client).includes(earlier.authorityKeyId);
  });
  return isIt === true;
}

/** The name of the client that a bundle is for. */
export function clientIn(bundle: Buffer): string | undefined {
  return certificateIn(readArchive(bundle).files)?.subject.commonName;
}

type ArchivedFiles = ReturnType<typeof readArchive>['files'];

function certificateIn(files: ArchivedFiles): CertificateInfo | undefined {
  const packed = files.find(({ path: name }) => CERTIFICATE_FILE.test(name));
  return packed === undefined ? undefined : readCertificate(packed.data).info;
}

/** The keys of its CA: in the course of a rotation, there are two. */
function keysOf(client: Entry): readonly (string | undefined)[] {
  const { ca } = client.directory === undefined ? { ca: undefined } : client.read();
  const roots = ca === undefined ? [] : readCertificates(ca).map(({ info }) => info.keyId);
  return [client.certificate().info.authorityKeyId, ...roots];
}
