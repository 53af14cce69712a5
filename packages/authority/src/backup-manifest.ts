import { AuthorityError } from './error.ts';

/** What a backup says of itself. */
export type BackupManifest = { readonly made: Date };

export const BACKUP_MANIFEST = 'backup.json';
const KIND = 'docker-mtls CA directory';
const FORMAT = 1;

export function encodeBackupManifest({ made }: BackupManifest): Buffer {
  return Buffer.from(`${JSON.stringify({ kind: KIND, format: FORMAT, made: made.toISOString() })}\n`);
}

/** Codes: `BACKUP_INVALID`, `BACKUP_NEWER`. */
export function decodeBackupManifest(data: Buffer | undefined): BackupManifest {
  if (data === undefined) throw backupInvalid(`${BACKUP_MANIFEST} is missing`);
  const json = parse(data);
  if (json['kind'] !== KIND) throw backupInvalid(`${BACKUP_MANIFEST} says something else`);
  if (typeof json['format'] === 'number' && json['format'] > FORMAT)
    throw new AuthorityError('BACKUP_NEWER', 'the backup was made by a newer version of docker-mtls', {
      hint: 'restore it with that version',
    });
  const made = new Date(typeof json['made'] === 'string' ? json['made'] : Number.NaN);
  if (json['format'] !== FORMAT || Number.isNaN(made.getTime()))
    throw backupInvalid(`${BACKUP_MANIFEST} cannot be read`);
  return { made };
}

function parse(data: Buffer): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(data.toString('utf8'));
    return typeof json === 'object' && json !== null ? { ...json } : {};
  } catch (error) {
    throw backupInvalid(`${BACKUP_MANIFEST} is no JSON`, error);
  }
}

export function backupInvalid(reason: string, cause?: unknown): AuthorityError {
  return new AuthorityError('BACKUP_INVALID', `this is no backup of a CA: ${reason}`, {
    hint: 'use a file that docker-mtls ca backup made',
    cause,
  });
}
