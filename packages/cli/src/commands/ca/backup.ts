import path from 'node:path';
import { backUp } from '@docker-mtls/authority/backup';
import type { BackupLock } from '@docker-mtls/authority/backup';
import { createFile, lstatIfExists, ownAccess, PRIVATE_FILE, sweepFolder } from '@docker-mtls/files';
import { MtlsError } from '@docker-mtls/errors';
import { counted, moment } from '@docker-mtls/text';
import { passphraseForArchive } from '../../ca/passphrase.ts';
import { withCliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';

/** Writes a backup of the CA directory. */
export async function runCaBackup(args: Args, io: Io): Promise<Report> {
  const lockWanted = lockOf(args, io);
  const file = path.resolve(io.cwd, args.text('file') ?? '');
  // One that was killed at its end has left a second name of the file, with all keys in it.
  sweepFolder(path.dirname(file));
  if (lstatIfExists(file) !== undefined)
    throw new MtlsError('OUT_EXISTS', `${file} exists already`, { hint: 'name another file' });
  return withCliSession(args, io, async (session) => {
    const lock = await lockWanted();
    const { data, made, plainKeys } = await backUp(session, lock);
    // In a folder of another user it is not theirs: it has keys of the CA.
    createFile(file, data, ownAccess(PRIVATE_FILE));
    const isEncrypted = lock !== undefined && lock !== 'plaintext';
    return {
      json: {
        directory: session.reader.directory,
        file,
        made: made.toISOString(),
        bytes: data.length,
        encrypted: isEncrypted,
      },
      text: [
        `Wrote ${file}: the CA in ${session.reader.directory} as of ${moment(made)}\n`,
        isEncrypted || plainKeys === 0
          ? ''
          : `it has ${counted(plainKeys, 'private key', 'private keys')} that anybody who reads it can use\n`,
        'next: keep it on another machine, and the newest crl.pem with it\n',
      ].join(''),
    };
  });
}

/** How the backup is to be guarded; a passphrase is asked for once it is certain that there is something to guard. */
function lockOf(args: Args, io: Io): () => Promise<BackupLock> {
  const recipients = args.list('recipient');
  const isEncrypted = args.flag('encrypt') === true;
  const isPlain = args.flag('plaintext') === true;
  if ([isEncrypted, recipients.length > 0, isPlain].filter(Boolean).length > 1)
    throw new UsageError('--encrypt, --recipient and --plaintext exclude each other', 'give one of them');
  if (!isEncrypted && args.text('bundle-passphrase-file') !== undefined)
    throw new UsageError('--bundle-passphrase-file has nothing to lock', 'add --encrypt');
  return async () => {
    if (isPlain) return 'plaintext';
    if (isEncrypted) return { passphrase: await passphraseForArchive('backup', args, io) };
    return recipients.length > 0 ? { recipients } : undefined;
  };
}
