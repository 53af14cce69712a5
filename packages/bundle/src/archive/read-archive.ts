import { BundleError } from '../error.ts';
import { invalid, truncated } from './damage.ts';
import { type ArchiveEntry } from './entry.ts';
import { refuseCollisions } from './entry-path.ts';
import { ARCHIVE_LIMITS, requireWithin, unpackedLimit, type ArchiveLimits } from './limits.ts';
import { readGzip } from './read-gzip.ts';
import { readTar } from './read-tar.ts';
import { readZip } from './read-zip.ts';

export type Archive = {
  readonly files: readonly ArchiveEntry[];
  /** Paths of the folders that have entries of their own, with `/` at the end. */
  readonly folders: readonly string[];
  /** Whether the archive has its end; only a tar can lack it, and Docker's own exports do. */
  readonly isComplete: boolean;
};

type Contents = Pick<Archive, 'isComplete'> & { readonly entries: readonly ArchiveEntry[] };

const AGE = Buffer.from('age-encryption.org/');
const ARMORED_AGE = Buffer.from('-----BEGIN AGE ENCRYPTED FILE-----');

/**
 * Reads a tar, tar.gz or zip from outside, in memory and as a whole: what comes back is regular files with plain
 * relative paths, and nothing is ever written. Codes: `BUNDLE_ARCHIVE_INVALID`, `BUNDLE_ARCHIVE_TRUNCATED`,
 * `BUNDLE_ARCHIVE_TOO_LARGE`, `BUNDLE_ENTRY_REFUSED`, `BUNDLE_ENCRYPTED`.
 */
export function readArchive(data: Buffer, limits: ArchiveLimits = ARCHIVE_LIMITS): Archive {
  requireWithin(data.length, limits.packed, 'bytes');
  const { entries, ...rest } = readContents(data, limits);
  refuseCollisions(entries.map(({ path }) => path));
  return {
    ...rest,
    files: entries.filter(({ path }) => !isFolder(path)),
    folders: entries.map(({ path }) => path).filter((path) => path !== '' && isFolder(path)),
  };
}

function readContents(data: Buffer, limits: ArchiveLimits): Contents {
  if (data.length === 0) throw truncated('nothing at all: it is empty');
  if (isEncrypted(data)) throw encrypted();
  if (data.subarray(0, 2).toString('latin1') === 'PK')
    return { entries: readZip(data, withRatio(data, limits)), isComplete: true };
  if (isSequence(data)) throw noArchive();
  if (data.readUInt8(0) !== 0x1f) return readTar(data, limits);
  const unpacked = readGzip(data, unpackedLimit(data.length, limits));
  if (unpacked.length === 0) throw invalid('the archive has nothing in it');
  return readTar(unpacked, limits);
}

function withRatio(data: Buffer, limits: ArchiveLimits): ArchiveLimits {
  return { ...limits, unpacked: unpackedLimit(data.length, limits) };
}

function isFolder(path: string): boolean {
  return path === '' || path.endsWith('/');
}

/** Is this an age file, as `encryptBundle` makes them? */
export function isEncrypted(data: Buffer): boolean {
  return [AGE, ARMORED_AGE].some((start) => data.subarray(0, start.length).equals(start));
}

/** DER, as PKCS#12 files are: a SEQUENCE with a length of two octets. No path in a tar starts like that. */
function isSequence(data: Buffer): boolean {
  return data.subarray(0, 2).equals(Buffer.from([0x30, 0x82]));
}

function noArchive(): BundleError {
  return new BundleError('BUNDLE_ARCHIVE_INVALID', 'this is no archive, but DER: perhaps a PKCS#12 file', {
    hint: 'a .p12 file goes into the program that wants it as it is; ask for a bundle without --p12',
  });
}

function encrypted(): BundleError {
  return new BundleError('BUNDLE_ENCRYPTED', 'the archive is encrypted', {
    hint: 'give its passphrase or your age identity, or decrypt it with age --decrypt first',
  });
}
