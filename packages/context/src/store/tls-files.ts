import fs from 'node:fs';
import path from 'node:path';
import { TLS_FILES, type ContextTls } from '@docker-mtls/bundle';
import {
  createFile,
  exists,
  explained,
  FileError,
  lstatIfExists,
  makeDirectory,
  namesIn,
  PRIVATE_DIRECTORY,
  PRIVATE_FILE,
  readFileIfExists,
  removeFile,
  removeFolder,
  syncDirectory,
} from '@docker-mtls/files';
import { contextsRoot, endpointFolder, tlsFolder } from './paths.ts';
import { placePending, stagePending } from './pending-tls.ts';
import { markUnfinished } from './repair.ts';

const KINDS = ['ca', 'certificate', 'key'] as const;

/**
 * Whether the Docker CLI finds TLS material: without a real folder of this very name it speaks plain HTTP, also where a
 * link leads to one (docker/cli cli/context/store/tlsstore.go lists the folder above, and takes only folders).
 */
export function hasTlsFolder(directory: string, name: string): boolean {
  const folder = tlsFolder(directory, name);
  return explained('read', folder, () => {
    if (!exists(folder)) return false;
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    return entries.some(
      (entry) => entry.name === path.basename(place(directory, name)) && entry.isDirectory(),
    );
  });
}

/** The PEM files of a context, as the Docker CLI finds them. */
export function readTls(directory: string, name: string): ContextTls {
  if (!hasTlsFolder(directory, name)) return {};
  const folder = place(directory, name);
  const [ca, certificate, key] = KINDS.map((kind) => readPem(path.join(folder, TLS_FILES[kind])));
  return { ...(ca && { ca }), ...(certificate && { certificate }), ...(key && { key }) };
}

/** The names in the folder that the Docker CLI warns of. */
export function strayFiles(directory: string, name: string): readonly string[] {
  if (!hasTlsFolder(directory, name)) return [];
  const known: readonly string[] = Object.values(TLS_FILES);
  const folder = place(directory, name);
  return namesIn(folder).filter((file) => !known.includes(file));
}

/** The CLI passes over a file that is not there, and fails at a link that leads nowhere. */
function readPem(file: string): Buffer | undefined {
  const data = readFileIfExists(file);
  if (data !== undefined || lstatIfExists(file) === undefined) return data;
  throw new FileError('FILE_NOT_FOUND', `cannot read ${file}: the link leads nowhere`, {
    hint: 'remove the link, then update the context',
  });
}

/** Writes the PEM files of a context that has no meta.json yet, so that they cannot be used before. Needs the lock. */
export function createTls(directory: string, name: string, tls: ContextTls): void {
  removeFolder(tlsFolder(directory, name));
  if (Object.keys(tls).length === 0) return;
  makeFolder(directory, name);
  markUnfinished(directory, name);
  for (const kind of KINDS) {
    const data = tls[kind];
    if (data !== undefined)
      createFile(path.join(place(directory, name), TLS_FILES[kind]), data, PRIVATE_FILE);
  }
  syncDirectory(place(directory, name));
}

/**
 * Replaces the PEM files of a context that may be in use, one by one: its folder is there at every instant, because
 * the Docker CLI speaks plain HTTP without it. A concurrent reader finds a pair that does not fit, which TLS
 * refuses. Needs the lock.
 */
export function replaceTls(directory: string, name: string, tls: Required<ContextTls>): void {
  if (!hasTlsFolder(directory, name)) {
    // The CLI takes a file or a link of this name for no TLS.
    removeFile(place(directory, name));
    makeFolder(directory, name);
  }
  stagePending(tlsFolder(directory, name), tls);
  placePending(tlsFolder(directory, name), place(directory, name));
}

function makeFolder(directory: string, name: string): void {
  // The CLI makes this one for all to enter, and those below it for their owner.
  makeDirectory(contextsRoot(directory));
  makeDirectory(place(directory, name), PRIVATE_DIRECTORY);
}

function place(directory: string, name: string): string {
  return endpointFolder(directory, name);
}
