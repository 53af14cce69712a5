import { packEntries } from '@docker-mtls/bundle';
import { encryptBundle } from '@docker-mtls/bundle/protect';
import type { ArchiveLock } from '@docker-mtls/bundle/protect';
import { isEncryptedKey } from '@docker-mtls/ca';
import type { BackupFile } from '@docker-mtls/ca-directory';
import { AuthorityError } from './error.ts';
import { encodeBackupManifest, BACKUP_MANIFEST } from './backup-manifest.ts';
import type { Session } from './session.ts';

/** How a backup is guarded; `plaintext`: on purpose not at all. */
export type BackupLock = ArchiveLock | 'plaintext' | undefined;

export type BackUp = {
  /** The archive: a tar.gz, in the age format where it is locked. */
  readonly data: Buffer;
  readonly made: Date;
  /** Private keys in it that nothing else encrypts. */
  readonly plainKeys: number;
};

/**
 * Packs all of a CA directory that cannot be made again, as of one moment: other commands wait meanwhile. Code:
 * `BACKUP_UNPROTECTED`, where anybody who reads it would have a private key, and nobody asked for that.
 */
export async function backUp(session: Session, lock: BackupLock): Promise<BackUp> {
  const made = session.caller.now();
  const files = await session.exclusive((store) => store.snapshot());
  const plainKeys = files.filter(isPlainKey).length;
  if (lock === undefined && plainKeys > 0) throw unprotected(plainKeys);
  const manifest = { path: BACKUP_MANIFEST, data: encodeBackupManifest({ made }) };
  const archive = packEntries([manifest, ...files]);
  const isLocked = lock !== undefined && lock !== 'plaintext';
  return { data: isLocked ? await encryptBundle(archive, lock) : archive, made, plainKeys };
}

function isPlainKey({ path, data }: BackupFile): boolean {
  return /^(?:private|pairs)\//.test(path) && !isEncryptedKey(data);
}

function unprotected(count: number): AuthorityError {
  const keys = count === 1 ? '1 private key' : `${count} private keys`;
  return new AuthorityError(
    'BACKUP_UNPROTECTED',
    `the backup would hold ${keys} that anybody who reads it could use`,
    {
      hint: 'encrypt it with --encrypt or --recipient, or say --plaintext',
    },
  );
}
