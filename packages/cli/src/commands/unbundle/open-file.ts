import path from 'node:path';
import { ARCHIVE_LIMITS, decryptBundle, isEncrypted, openBundle, verifyFiles } from '@docker-mtls/bundle';
import type { OpenedBundle, Unlock } from '@docker-mtls/bundle';
import { MtlsError } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import type { Args } from '../../command-line/args.ts';
import type { Io } from '../../io/io.ts';
import { passphraseOfBundle } from '../../ca/passphrase.ts';

/** A bundle with its key, wherever that came from. */
export type WholeBundle = OpenedBundle & { readonly files: { readonly key: string } };

// The armor of age makes a third more of it, and some lines.
const LARGEST = 2 * ARCHIVE_LIMITS.packed;

/**
 * Reads the bundle that the command line names: decrypted, verified, and joined with the key where that is elsewhere.
 * Codes: those of `openBundle` and `decryptBundle`, `BUNDLE_KEY_ELSEWHERE`, `BUNDLE_KEY_INSIDE`.
 */
export async function openFile(args: Args, io: Io): Promise<WholeBundle> {
  const file = path.resolve(io.cwd, args.text('file') ?? '');
  const data = readFile(file, LARGEST);
  const plain = isEncrypted(data) ? await decryptBundle(data, await unlockOf(data, args, io)) : data;
  const opened = openBundle(plain, { now: io.now() });
  const { key } = opened.files;
  const named = args.text('key');
  if (key === undefined) return withKey(opened, named, io);
  if (named !== undefined) throw keyInside();
  return { ...opened, files: { ...opened.files, key } };
}

function withKey(opened: OpenedBundle, named: string | undefined, io: Io): WholeBundle {
  if (named === undefined) throw keyElsewhere(opened.client);
  const { ca, certificate } = opened.files;
  const raw = {
    ca: Buffer.from(ca),
    certificate: Buffer.from(certificate),
    key: readFile(path.resolve(io.cwd, named)),
  };
  const { files } = verifyFiles(raw, { now: io.now() });
  if (files.key === undefined) throw new Error('a key was verified and is gone');
  return { ...opened, files: { ...files, key: files.key } };
}

async function unlockOf(data: Buffer, args: Args, io: Io): Promise<Unlock> {
  const identity = args.text('identity');
  if (identity !== undefined) return { identities: readIdentities(path.resolve(io.cwd, identity)) };
  if (isForRecipients(data)) throw identityNeeded();
  return { passphrase: await passphraseOfBundle(args, io) };
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

function identityNeeded(): MtlsError {
  return new MtlsError('BUNDLE_NOT_OPENED', 'the bundle is encrypted for the holder of an age identity', {
    hint: 'unbundle --identity FILE, the file that age-keygen made',
  });
}

function keyElsewhere(client: string): MtlsError {
  return new MtlsError('BUNDLE_KEY_ELSEWHERE', 'the bundle has certificates only, and no key', {
    hint: `unbundle --key ${client}-key.pem, the key that was made with the request`,
  });
}

function keyInside(): MtlsError {
  return new MtlsError('BUNDLE_KEY_INSIDE', 'the bundle has a key of its own', { hint: 'omit --key' });
}
