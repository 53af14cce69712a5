import fs from 'node:fs';
import path from 'node:path';
import { folderFiles } from '@docker-mtls/bundle';
import type { BundleFiles, EngineHost } from '@docker-mtls/bundle';
import { MtlsError } from '@docker-mtls/errors';
import {
  checkFolder,
  explained,
  placeFolder,
  PRIVATE_FILE,
  PUBLIC_FILE,
  readFileIfExists,
} from '@docker-mtls/files';
import type { FolderFile } from '@docker-mtls/files';
import { asideName } from '../../pair/aside-name.ts';
import type { WholeBundle } from './open-file.ts';

/** Where the files of a bundle go, and what becomes of a folder that is there. */
export type PlannedFolder = {
  readonly folder: string;
  readonly files: readonly FolderFile[];
  readonly step: 'make' | 'replace' | 'keep';
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
  if (!options.force) throw exists(folder);
  checkFolder(path.dirname(folder));
  return { ...planned, step: 'replace' };
}

/** Writes it. Returns where the old folder is now, if there was one. */
export function placeBundle({ folder, files, step, aside }: PlannedFolder): string | undefined {
  if (step === 'keep') return undefined;
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

function readIfFile(file: string): Buffer | undefined {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileIfExists(file) : undefined;
}

function exists(folder: string): MtlsError {
  return new MtlsError('OUT_EXISTS', `${folder} exists already, and holds something else`, {
    hint: 'use --force to keep it aside and make a new one, or another --out folder',
  });
}
