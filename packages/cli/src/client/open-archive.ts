import path from 'node:path';
import { isEncrypted } from '@docker-mtls/bundle';
import { decryptBundle } from '@docker-mtls/bundle/protect';
import type { Unlock } from '@docker-mtls/bundle/protect';
import { MtlsError } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';

/** What may open an archive in the age format. */
export type ArchiveKeys = {
  /** A file of age identities. */
  readonly identity: string | undefined;
  /** Asked for where there is none, and the archive has a passphrase. */
  readonly passphrase: () => Promise<string>;
  /** What to do about an archive that wants an identity. */
  readonly hint: string;
  readonly cwd: string;
};

/** The archive itself, decrypted where it is encrypted. Codes: those of `decryptBundle`. */
export async function openArchive(data: Buffer, keys: ArchiveKeys): Promise<Buffer> {
  return isEncrypted(data) ? decryptBundle(data, await unlockOf(data, keys)) : data;
}

async function unlockOf(data: Buffer, { identity, passphrase, hint, cwd }: ArchiveKeys): Promise<Unlock> {
  if (identity !== undefined) return { identities: readIdentities(path.resolve(cwd, identity)) };
  if (isForRecipients(data))
    throw new MtlsError('BUNDLE_NOT_OPENED', 'the bundle is encrypted for the holder of an age identity', {
      hint,
    });
  return { passphrase: await passphrase() };
}

/** age-encryption.org/v1: the second line of the header says how the file is locked; an armored one does not tell. */
function isForRecipients(data: Buffer): boolean {
  const [, stanza = ''] = data.subarray(0, 200).toString('latin1').split('\n');
  return stanza.startsWith('-> ') && !stanza.startsWith('-> scrypt ');
}

/** The files of age-keygen: comments, and a secret on each other line. */
function readIdentities(file: string): readonly string[] {
  const lines = readFile(file).toString('utf8').split(/\r?\n/);
  return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
}
