import fs from 'node:fs';
import path from 'node:path';
import { shellWord } from '@docker-mtls/errors';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import { lookAt } from '../look-at.ts';

export type AccessWord =
  'directory-writable' | 'directory-owner' | 'ca-key-readable' | 'key-readable' | 'file-writable';

/** A file or folder that gives other users more than it should, and what would be right. */
export type AccessFault = {
  readonly path: string;
  readonly word: AccessWord;
  readonly mode: number;
  readonly uid: number;
  readonly wanted: { readonly mode: number } | { readonly uid: number; readonly gid: number };
};

/** A file or folder, and which of its permission bits nobody else may have. */
export type Guarded = {
  readonly path: string;
  readonly word: Exclude<AccessWord, 'directory-owner'>;
  readonly forbidden: number;
};

export const WRITABLE_BY_OTHERS = 0o022;
export const ANY_ACCESS_OF_OTHERS = 0o077;

const PERMISSIONS = 0o777;

/** The files and folders of a CA directory that are not those of a pair. */
export function guardedOf(directory: string): readonly Guarded[] {
  const writable = (...parts: readonly string[]): Guarded => ({
    path: path.join(directory, ...parts),
    word: 'file-writable',
    forbidden: WRITABLE_BY_OTHERS,
  });
  const secret = (...parts: readonly string[]): Guarded => ({
    path: path.join(directory, ...parts),
    word: 'ca-key-readable',
    forbidden: ANY_ACCESS_OF_OTHERS,
  });
  return [
    { path: directory, word: 'directory-writable', forbidden: WRITABLE_BY_OTHERS },
    ...['registry.db', 'ca.pem', 'crl.pem', 'servers', 'clients', 'profiles'].map((name) => writable(name)),
    ...['ca', 'server', 'client'].map((kind) => writable('profiles', `${kind}.json`)),
    secret('private'),
    ...keysIn(path.join(directory, 'private')).map((name) => secret('private', name)),
  ];
}

/** While a CA is rotated, there are several. */
function keysIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder).filter((name) => name.endsWith('.pem'));
  } catch {
    return [];
  }
}

/** Looks at modes and owners. What is missing is no fault here. Windows has no such modes. */
export function accessFaults(guarded: readonly Guarded[], owner: fs.Stats): readonly AccessFault[] {
  if (process.platform === 'win32') return [];
  return guarded.flatMap((each) => faultsOf(each, owner));
}

function faultsOf({ path: file, word, forbidden }: Guarded, owner: fs.Stats): readonly AccessFault[] {
  const sight = lookAt(file);
  if (sight.kind !== 'there') return [];
  const { mode, uid } = sight.stats;
  const common = { path: file, mode: mode & PERMISSIONS, uid };
  return [
    ...((mode & forbidden) === 0
      ? []
      : [{ ...common, word, wanted: { mode: mode & PERMISSIONS & ~forbidden } }]),
    ...(uid === owner.uid
      ? []
      : [{ ...common, word: 'directory-owner' as const, wanted: { uid: owner.uid, gid: owner.gid } }]),
  ];
}

const WHAT: Readonly<Record<AccessWord, string>> = {
  'directory-writable': 'other users may write to it',
  'directory-owner': 'it belongs to another user than the CA directory',
  'ca-key-readable': 'other users may get at the CA key',
  'key-readable': 'other users may get at the private key',
  'file-writable': 'other users may change it',
};

/** The same as a finding, with the command that corrects it. */
export function accessFinding({ path: file, word, mode, uid, wanted }: AccessFault): FoundFinding {
  const message =
    word === 'directory-owner' ? `${WHAT[word]} (uid ${uid})` : `its mode is ${octal(mode)}: ${WHAT[word]}`;
  const hint =
    'mode' in wanted
      ? `run docker-mtls ca repair, or chmod ${octal(wanted.mode)} ${shellWord(file)}`
      : `run as root: chown ${wanted.uid}:${wanted.gid} ${shellWord(file)}`;
  return found('authority', word, { subject: file, message, hint });
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
