import { MtlsError } from '@docker-mtls/errors';

export type BundleErrorCode =
  | 'BUNDLE_ARCHIVE_INVALID'
  | 'BUNDLE_ARCHIVE_TOO_LARGE'
  | 'BUNDLE_ARCHIVE_TRUNCATED'
  | 'BUNDLE_CA_FOREIGN'
  | 'BUNDLE_CERTIFICATE_INVALID'
  | 'BUNDLE_CERTIFICATE_REFUSED'
  | 'BUNDLE_CONTEXT_INVALID'
  | 'BUNDLE_ENCRYPTED'
  | 'BUNDLE_ENTRY_REFUSED'
  | 'BUNDLE_HOST_INVALID'
  | 'BUNDLE_KEY_ENCRYPTED'
  | 'BUNDLE_KEY_ELSEWHERE'
  | 'BUNDLE_KEY_INSIDE'
  | 'BUNDLE_KEY_INVALID'
  | 'BUNDLE_LAYOUT_UNKNOWN'
  | 'BUNDLE_NOT_OPENED'
  | 'BUNDLE_PAIR_MISMATCH'
  | 'BUNDLE_PASSPHRASE_INVALID'
  | 'BUNDLE_RECIPIENT_INVALID';

/** Something about an archive, or about what was asked of one, that its sender or reader can fix. */
export class BundleError extends MtlsError<BundleErrorCode> {
  override readonly name: string = 'BundleError';
}
