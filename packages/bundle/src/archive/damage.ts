import { quote } from '@docker-mtls/errors';
import { BundleError } from '../error.ts';

const HINT = "fetch it once more, in binary mode, and compare its size with the sender's";

/** The archive ends before what it announced. */
export function truncated(where: string): BundleError {
  return new BundleError('BUNDLE_ARCHIVE_TRUNCATED', `the archive ends in the middle of ${where}`, {
    hint: HINT,
  });
}

/** The archive's own structure is broken, or says two things at once. */
export function invalid(message: string, cause?: unknown): BundleError {
  return new BundleError('BUNDLE_ARCHIVE_INVALID', message, { hint: HINT, cause });
}

/** An entry that no honest bundle has. */
export function refused(name: string, reason: string): BundleError {
  return new BundleError('BUNDLE_ENTRY_REFUSED', `the archive has ${quote(name)}: ${reason}`, {
    hint: 'do not unpack this archive by other means; ask its sender for another',
  });
}
