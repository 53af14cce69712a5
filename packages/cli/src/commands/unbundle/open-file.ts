import path from 'node:path';
import { ARCHIVE_LIMITS } from '@docker-mtls/bundle';
import { joinKey, openBundle } from '@docker-mtls/bundle/open';
import type { WholeBundle } from '@docker-mtls/bundle/open';
import { readFile } from '@docker-mtls/files';
import type { Args } from '../../command-line/args.ts';
import type { Io } from '../../io/io.ts';
import { passphraseOfBundle } from '../../ca/passphrase.ts';
import { openArchive } from '../../client/open-archive.ts';

// The armor of age makes a third more of it, and some lines.
const LARGEST = 2 * ARCHIVE_LIMITS.packed;

/**
 * Reads the bundle that the command line names: decrypted, verified, and joined with the key where that is elsewhere.
 * Codes: those of `openBundle`, `decryptBundle` and `joinKey`.
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
  const named = args.text('key');
  const key = named === undefined ? undefined : () => readFile(path.resolve(io.cwd, named));
  return joinKey(openBundle(plain, { now: io.now() }), key);
}
