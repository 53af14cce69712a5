import fs from 'node:fs';
import path from 'node:path';
import { folderFiles } from '@docker-mtls/bundle';
import type { BundleFiles, EngineHost } from '@docker-mtls/bundle';
import type { WholeBundle } from '@docker-mtls/bundle/open';
import { readCertificate, readCertificates } from '@docker-mtls/ca';
import { refuseCaPlace } from '@docker-mtls/ca-directory';
import { MtlsError, unlessRefused } from '@docker-mtls/errors';
import {
  asideName,
  checkFolder,
  explained,
  isPartialName,
  lstatIfExists,
  namesIn,
  placeFolder,
  PRIVATE_FILE,
  PUBLIC_FILE,
  readFileIfExists,
  replaceFiles,
} from '@docker-mtls/files';
import type { FolderFile } from '@docker-mtls/files';

/** Where the files of a bundle go, and what becomes of a folder that is there. */
export type PlannedFolder = {
  readonly folder: string;
  readonly files: readonly FolderFile[];
  readonly step: 'make' | 'refresh' | 'replace' | 'keep';
  readonly aside: string;
};

export type FolderOptions = {
  readonly hosts: readonly EngineHost[];
  readonly force: boolean;
  readonly now: Date;
};

/** Throws, before anything is written, what writing would throw: `OUT_EXISTS`, `FILE_…`. */
export function planFolder(folder: string, bundle: WholeBundle, options: FolderOptions): PlannedFolder {
  const files = filesOf(bundle, options.hosts);
  const planned = { folder, files, aside: asideName(folder, options.now) };
  if (!isThere(folder)) {
    checkFolder(folder);
    return { ...planned, step: 'make' };
  }
  if (isSame(folder, files)) return { ...planned, step: 'keep' };
  if (isEarlier(folder, bundle, files)) {
    checkFolder(folder);
    return { ...planned, step: 'refresh' };
  }
  if (!options.force) throw exists(folder);
  refuseCaPlace(folder);
  checkFolder(path.dirname(folder));
  return { ...planned, step: 'replace' };
}

/** Writes it. Returns where the old folder is now, if there was one. */
export function placeBundle({ folder, files, step, aside }: PlannedFolder): string | undefined {
  if (step === 'keep') return undefined;
  if (step === 'refresh') {
    // One by one, so that a user of the folder finds each file, and no folder is renamed that may lie in a lower
    // layer of an overlay. A pair that does not fit meanwhile is refused by TLS.
    replaceFiles(folder, files);
    return undefined;
  }
  placeFolder(folder, files, step === 'replace' ? aside : undefined);
  return step === 'replace' ? aside : undefined;
}

/** Our own scripts and README, never those of the archive; the bare PEM files where no engine is known. */
function filesOf({ client, files }: WholeBundle, hosts: readonly EngineHost[]): readonly FolderFile[] {
  const [first, ...others] = hosts;
  if (first === undefined) return pemFiles(files);
  const entries = folderFiles({ client, files, hosts: [first, ...others] });
  return entries.map(({ path: name, data, mode }) => ({ name, data, mode }));
}

function pemFiles({ ca, certificate, key = '' }: BundleFiles): readonly FolderFile[] {
  return [
    { name: 'ca.pem', data: ca, mode: PUBLIC_FILE },
    { name: 'cert.pem', data: certificate, mode: PUBLIC_FILE },
    { name: 'key.pem', data: key, mode: PRIVATE_FILE },
  ];
}

function isThere(folder: string): boolean {
  return explained('use', folder, () => fs.lstatSync(folder, { throwIfNoEntry: false }) !== undefined);
}

function isSame(folder: string, files: readonly FolderFile[]): boolean {
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return false;
  const names = explained('read', folder, () => fs.readdirSync(folder));
  return (
    names.length === files.length &&
    files.every(({ name, data }) => readIfFile(path.join(folder, name))?.equals(Buffer.from(data)) === true)
  );
}

/**
 * Whether this is what an earlier bundle of the same client became, of the same CAs, and nothing else.
 * An older bundle does not replace a newer one, nor one CA another without --force.
 */
function isEarlier(folder: string, bundle: WholeBundle, files: readonly FolderFile[]): boolean {
  if (!lstatIfExists(folder)?.isDirectory()) return false;
  const wanted = new Set(files.map(({ name }) => name));
  if (namesIn(folder).some((name) => !wanted.has(name) && !isPartialName(name))) return false;
  const [ca, certificate] = ['ca.pem', 'cert.pem'].map((name) => readIfFile(path.join(folder, name)));
  if (ca === undefined || certificate === undefined) return false;
  const isIt = unlessRefused(() => {
    const old = readCertificate(certificate).info;
    const known = readCertificates(ca).map(({ info }) => info.publicKey);
    return (
      old.subject.commonName === bundle.client &&
      old.notBefore <= bundle.certificate.info.notBefore &&
      bundle.roots.every((root) => known.some((key) => key.equals(root.info.publicKey)))
    );
  });
  return isIt === true;
}

function readIfFile(file: string): Buffer | undefined {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileIfExists(file) : undefined;
}

function exists(folder: string): MtlsError {
  return new MtlsError('OUT_EXISTS', `${folder} already exists and holds something else`, {
    hint: 'move it aside and make a new one with --force, or name another folder with --out',
  });
}
