import fs from 'node:fs';
import path from 'node:path';
import { TLS_FILES, type ContextTls } from '@docker-mtls/bundle';
import {
  createFile,
  explained,
  makeDirectory,
  PRIVATE_DIRECTORY,
  PRIVATE_FILE,
  readFileIfExists,
  syncDirectory,
} from '@docker-mtls/files';
import { contextId, contextsRoot, endpointFolder, tlsFolder, tlsRoot } from './paths.ts';

const STAGED = /^\.([0-9a-f]{64})\.(new|old)$/;
const KINDS = ['ca', 'certificate', 'key'] as const;

/** The PEM files of a context, as they are. */
export function readTls(directory: string, name: string): ContextTls {
  const folder = endpointFolder(directory, name);
  const [ca, certificate, key] = KINDS.map((kind) => readFileIfExists(path.join(folder, TLS_FILES[kind])));
  return { ...(ca && { ca }), ...(certificate && { certificate }), ...(key && { key }) };
}

/**
 * Puts a context's PEM files in place, all of them together: they are written into a folder beside, which then takes the
 * old one's place, so that nobody finds one's key with the other's certificate. Needs the lock.
 */
export function replaceTls(directory: string, name: string, tls: ContextTls): void {
  const place = endpointFolder(directory, name);
  if (Object.keys(tls).length === 0) {
    removeFolder(place);
    return;
  }
  const staged = stagedFolder(directory, name, 'new');
  // The CLI makes this one for all to enter, and those below it for their owner.
  makeDirectory(contextsRoot(directory), 0o755);
  writeFolder(staged, tls);
  explained('replace', place, () => {
    makeDirectory(tlsFolder(directory, name), PRIVATE_DIRECTORY);
    if (fs.existsSync(place)) fs.renameSync(place, stagedFolder(directory, name, 'old'));
    fs.renameSync(staged, place);
  });
  syncDirectory(tlsFolder(directory, name));
  removeFolder(stagedFolder(directory, name, 'old'));
}

/** Removes a context's PEM files, also those of other kinds of endpoints. Needs the lock. */
export function removeTls(directory: string, name: string): void {
  removeFolder(tlsFolder(directory, name));
}

/**
 * What a process that was killed left half done: a new folder is thrown away, an old one whose place is empty goes back
 * to it. Needs the lock, which tells that nobody is at it any more.
 */
export function repairTls(directory: string): void {
  const root = tlsRoot(directory);
  if (!fs.existsSync(root)) return;
  for (const entry of explained('read', root, () => fs.readdirSync(root))) {
    const [, id, age] = STAGED.exec(entry) ?? [];
    if (id === undefined) continue;
    const place = path.join(root, id, 'docker');
    const left = path.join(root, entry);
    if (age === 'old' && !fs.existsSync(place)) explained('restore', place, () => fs.renameSync(left, place));
    else removeFolder(left);
  }
}

/** Beside the contexts' own folders, because the CLI takes every folder below those for an endpoint. */
function stagedFolder(directory: string, name: string, age: 'new' | 'old'): string {
  return path.join(tlsRoot(directory), `.${contextId(name)}.${age}`);
}

function writeFolder(folder: string, tls: ContextTls): void {
  makeDirectory(folder, PRIVATE_DIRECTORY);
  for (const kind of KINDS) {
    const data = tls[kind];
    if (data !== undefined) createFile(path.join(folder, TLS_FILES[kind]), data, PRIVATE_FILE);
  }
  syncDirectory(folder);
}

function removeFolder(folder: string): void {
  explained('remove', folder, () => fs.rmSync(folder, { recursive: true, force: true }));
}
