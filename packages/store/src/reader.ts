import fs from 'node:fs';
import nodePath from 'node:path';
import { readCertificate } from '@docker-mtls/ca';
import type { Certificate, Profile, ProfileKind } from '@docker-mtls/ca';
import { hasCode } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import { readAsOwner } from './as-owner.ts';
import { selectBySerialPrefix, selectEntries, selectRoots } from './certificate-records.ts';
import { checkPrivateKey } from './check-directory.ts';
import type { Entry, EntryFilter, EntryStatus } from './entry.ts';
import { StoreError } from './error.ts';
import { kindFolder, supersededFolder } from './layout.ts';
import type { EntryKind, Layout, LeafKind } from './layout.ts';
import { toSupersededName } from './folder-name.ts';
import { asBytes } from './sqlite.ts';
import type { SqlRow } from './sqlite.ts';
import { stagedDirectory } from './place-staged-pair.ts';
import { readProfile } from './profile-file.ts';
import type { Registry } from './registry.ts';

/** What can be known of a CA without changing it. */
export type StoreReader = {
  readonly directory: string;
  /** The CA that signs, the roots that are trusted (newest first) and the key file's text, perhaps encrypted. */
  authority(): AuthorityFiles;
  profile(kind: ProfileKind): Profile;
  /** The certificate in force under exactly this name. */
  current(kind: LeafKind, name: string): Entry | undefined;
  entries(filter?: EntryFilter): Entry[];
  /** By exact name, or by at least 4 digits of the serial, with or without colons; all that match. */
  find(serialOrName: string): Entry[];
  close(): void;
};

export type AuthorityFiles = {
  readonly certificate: Certificate;
  readonly roots: readonly Certificate[];
  readonly keyPem: string;
};

export function createReader(layout: Layout, registry: Registry): StoreReader {
  const toEntries = (rows: readonly SqlRow[]): Entry[] => rows.map((row) => toEntry(layout, row));
  return {
    directory: layout.directory,
    authority: () => readAuthority(layout, registry),
    profile: (kind) => readProfile(layout, kind),
    current: (kind, name) => toEntries(selectEntries(registry, { kind, name }))[0],
    entries: (filter = {}) => toEntries(selectEntries(registry, filter)),
    find: (serialOrName) => toEntries(findRows(registry, serialOrName)),
    close: () => registry.close(),
  };
}

function readAuthority(layout: Layout, registry: Registry): AuthorityFiles {
  const roots = selectRoots(registry).map((row) => readCertificate(asBytes(row['der'])));
  const [certificate] = roots;
  if (certificate === undefined) throw new Error('an opened registry has no CA certificate');
  return { certificate, roots, keyPem: readCaKey(layout) };
}

function readCaKey(layout: Layout): string {
  checkPrivateKey(layout);
  try {
    return readFile(layout.caKey).toString('utf8');
  } catch (error) {
    if (!hasCode(error, 'FILE_NOT_FOUND')) throw error;
    throw new StoreError('STORE_KEY_MISSING', `the CA key ${layout.caKey} is missing`, {
      hint: 'bring it back from a backup; nothing can be issued without it',
      cause: error,
    });
  }
}

function findRows(registry: Registry, serialOrName: string): SqlRow[] {
  const named = selectEntries(registry, { name: serialOrName, all: true });
  const inForce = named.filter((row) => row['status'] === 'current');
  const digits = serialOrName.replaceAll(':', '').toLowerCase();
  const numbered = /^[0-9a-f]{4,}$/u.test(digits) ? selectBySerialPrefix(registry, digits) : [];
  const rows = [...(inForce.length > 0 ? inForce : named), ...numbered];
  return rows.filter((row, index) => rows.findIndex((other) => other['serial'] === row['serial']) === index);
}

function toEntry(layout: Layout, row: SqlRow): Entry {
  const directory = publishedDirectory(layout, row);
  return {
    serial: String(row['serial']),
    kind: String(row['kind']) as EntryKind,
    name: String(row['name']),
    notBefore: asDate(row['not_before']),
    notAfter: asDate(row['not_after']),
    issuedAt: asDate(row['issued_at']),
    issuedBy: String(row['issued_by']),
    fingerprint: String(row['fingerprint']),
    keyType: String(row['key_type']),
    status: String(row['status']) as EntryStatus,
    ...(row['replaced_at'] === null ? {} : { replacedAt: asDate(row['replaced_at']) }),
    ...(row['replaced_by'] === null ? {} : { replacedBy: String(row['replaced_by']) }),
    certificate: () => readCertificate(asBytes(row['der'])),
    ...(directory === undefined ? {} : { directory }),
    read: (path) => readAsOwner(layout.directory, path),
  };
}

function publishedDirectory(layout: Layout, row: SqlRow): string | undefined {
  if (row['folder'] === null) return undefined;
  const kind = String(row['kind']) as LeafKind;
  const [folder, serial] = [String(row['folder']), String(row['serial'])];
  const setAside = nodePath.join(supersededFolder(layout, kind), toSupersededName(folder, serial));
  if (row['status'] === 'replaced') return fs.existsSync(setAside) ? setAside : undefined;
  // A command that was killed has not put its files in place: what stands there is another certificate's.
  if ([stagedDirectory(layout, kind, serial), setAside].some((path) => fs.existsSync(path))) return undefined;
  const directory = nodePath.join(kindFolder(layout, kind), folder);
  return fs.existsSync(directory) ? directory : undefined;
}

function asDate(value: unknown): Date {
  return new Date(String(value));
}
