import { readCertificate } from '@docker-mtls/ca';
import { isMtlsError, quote } from '@docker-mtls/errors';
import {
  asBytes,
  findRegistryDamage,
  requireOwnSchema,
  selectAuthorities,
  selectRoots,
} from '@docker-mtls/registry';
import type { EntryKind, LeafKind, Connection, SqlRow } from '@docker-mtls/registry';
import { StoreError } from '../error.ts';
import { foldFolderName, toFolderName } from '../folder-name.ts';
import { belongsInBackup, KEY_FILE, PROFILE_FILES, REGISTRY_FILE } from './backup-files.ts';
import type { BackupFile } from './snapshot.ts';

/** Refuses files that no backup has, and a backup that lacks some. Code: `CA_DIRECTORY_BACKUP_INVALID`. */
export function checkBackupFiles(files: ReadonlyMap<string, BackupFile>): void {
  const stranger = [...files.keys()].find((path) => !belongsInBackup(path));
  if (stranger !== undefined) throw backupUnusable(`${quote(stranger)} does not belong into one`);
  const missing = [REGISTRY_FILE, ...PROFILE_FILES].find((path) => !files.has(path));
  if (missing !== undefined) throw backupUnusable(`${missing} is missing`);
}

/**
 * Refuses a registry that SQLite finds damaged, that has tables of its own, or whose rows would have files written elsewhere
 * than a CA directory has them. Codes: `CA_DIRECTORY_BACKUP_INVALID`, `REGISTRY_CORRUPT`, `REGISTRY_NEWER`.
 */
export function checkBackupRegistry(registry: Connection): void {
  requireOwnSchema(registry);
  // In that mode, readers and writers go by two more files, and by other locks than those of a CA directory.
  if (registry.all('PRAGMA journal_mode')[0]?.['journal_mode'] !== 'delete')
    throw backupUnusable('its registry has a journal of another kind');
  const damage = findRegistryDamage(registry);
  if (damage !== undefined) throw backupUnusable(`its registry is damaged: ${damage}`);
  if (isEmpty(registry) || selectRoots(registry).length === 0) throw backupUnusable('its registry has no CA');
  const odd = selectAuthorities(registry).find(({ keyFile }) => !KEY_FILE.test(keyFile));
  if (odd !== undefined) throw backupUnusable(`its registry names a key file ${quote(odd.keyFile)}`);
  for (const row of registry.all('SELECT kind, folder FROM unfinished'))
    requireFolder(String(row['kind']) as LeafKind, String(row['folder']), String(row['folder']));
  for (const row of rowsOf(registry)) checkRow(row);
}

function isEmpty(registry: Connection): boolean {
  return registry.all('SELECT 1 FROM sqlite_schema LIMIT 1').length === 0;
}

const PAGE = 1000;

function* rowsOf(registry: Connection): Iterable<SqlRow> {
  for (let after = 0; ;) {
    const rows = registry.all(
      'SELECT rowid, serial, kind, name, folder, folder_key, der FROM certificates WHERE rowid > ? ORDER BY rowid LIMIT ?',
      after,
      PAGE,
    );
    yield* rows;
    if (rows.length < PAGE) return;
    after = Number(rows.at(-1)?.['rowid']);
  }
}

function checkRow(row: SqlRow): void {
  const serial = String(row['serial']);
  const kind = String(row['kind']) as EntryKind;
  const { info } = orInvalid(serial, () => readCertificate(asBytes(row['der'])));
  if (info.serial !== serial)
    throw backupUnusable(`the certificate on record as ${quote(serial)} is ${info.serial}`);
  if (info.isCa !== (kind === 'ca')) throw backupUnusable(`the certificate ${serial} is not a ${kind}`);
  if (row['folder'] === null) return;
  if (kind !== 'server' && kind !== 'client') throw backupUnusable(`a ${kind} has a folder`);
  const folder = String(row['folder']);
  requireFolder(kind, String(row['name']), folder);
  if (row['folder_key'] !== foldFolderName(folder))
    throw backupUnusable(`${quote(folder)} is recorded as another folder`);
}

/** The folder is a path on the disk: it must be what the name makes of it. */
function requireFolder(kind: LeafKind, name: string, folder: string): void {
  const wanted = orInvalid(name, () => toFolderName(kind, name));
  if (folder !== wanted)
    throw backupUnusable(`the ${kind} ${quote(name)} is recorded in the folder ${quote(folder)}`);
}

function orInvalid<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isMtlsError(error)) throw backupUnusable(`${quote(what)}: ${error.message}`, error);
    throw error;
  }
}

export function backupUnusable(reason: string, cause?: unknown): StoreError {
  return new StoreError('CA_DIRECTORY_BACKUP_INVALID', `this is no backup of a CA directory: ${reason}`, {
    hint: 'use a file that docker-mtls ca backup made',
    cause,
  });
}
