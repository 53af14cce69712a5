import path from 'node:path';
import { ARCHIVE_LIMITS, openBundle, verifyFiles } from '@docker-mtls/bundle';
import type { OpenedBundle } from '@docker-mtls/bundle';
import { MtlsError } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import type { Args } from '../../command-line/args.ts';
import type { Io } from '../../io/io.ts';
import { passphraseOfBundle } from '../../ca/passphrase.ts';
import { openArchive } from '../../client/open-archive.ts';

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
  const plain = await openArchive(data, {
    identity: args.text('identity'),
    passphrase: () => passphraseOfBundle(args, io),
    hint: 'name the file that age-keygen made: docker-mtls unbundle BUNDLE --identity FILE',
    cwd: io.cwd,
  });
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

function keyElsewhere(client: string): MtlsError {
  return new MtlsError('BUNDLE_KEY_ELSEWHERE', 'the bundle has certificates only, and no key', {
    hint: `add --key ${client}-key.pem: the key that docker-mtls request made`,
  });
}

function keyInside(): MtlsError {
  return new MtlsError('BUNDLE_KEY_INSIDE', 'the bundle has a key of its own', { hint: 'omit --key' });
}
