import { BundleError } from '../error.ts';

/** What an archive from outside may cost. A bundle for a hundred engines stays far below. */
export type ArchiveLimits = {
  /** Bytes of the archive as it is handed in. */
  readonly packed: number;
  /** Bytes of everything in it together. */
  readonly unpacked: number;
  readonly entries: number;
  /** Unpacked bytes for one packed byte; small archives, which tar pads with zeros, are free of it. */
  readonly ratio: number;
};

const MIB = 1024 * 1024;

/** 10 MiB is what `docker context import` accepts. */
export const ARCHIVE_LIMITS: ArchiveLimits = {
  packed: 10 * MIB,
  unpacked: 10 * MIB,
  entries: 512,
  ratio: 100,
};

/** Engines that one bundle may be for: each has a context of its own in the archive, and on the machine that opens it. */
const MOST_ENGINES = 256;

export function requireFewEngines(count: number): void {
  if (count > MOST_ENGINES)
    throw tooLarge(`${count} engines are more than the ${MOST_ENGINES} of one bundle`);
}

const FREE_OF_RATIO = 256 * 1024;

/** The most that `packed` bytes may unpack to. */
export function unpackedLimit(packed: number, limits: ArchiveLimits): number {
  return Math.min(limits.unpacked, Math.max(packed * limits.ratio, FREE_OF_RATIO));
}

export function requireWithin(amount: number, limit: number, what: string): void {
  if (amount <= limit) return;
  throw tooLarge(`the archive has more than ${limit} ${what}`);
}

export function tooLarge(message: string, cause?: unknown): BundleError {
  return new BundleError('BUNDLE_ARCHIVE_TOO_LARGE', message, {
    hint: 'ask its sender for another: docker-mtls makes no such bundle',
    cause,
  });
}
