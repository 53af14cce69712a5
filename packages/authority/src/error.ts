import { MtlsError } from '@docker-mtls/errors';

export type AuthorityErrorCode =
  | 'BACKUP_INVALID'
  | 'BACKUP_NEWER'
  | 'BACKUP_UNPROTECTED'
  | 'BUNDLE_EXISTS'
  | 'CA_ENDS_FIRST'
  | 'CLOCK_BEHIND'
  | 'IS_CA'
  | 'LIST_NOT_OURS'
  | 'LIST_OLDER'
  | 'NAMES_INVALID'
  | 'NOT_ISSUED'
  | 'NOT_OURS'
  | 'PAIR_DAMAGED'
  | 'PAIR_EXPIRED'
  | 'PAIR_KEY_ELSEWHERE'
  | 'PAIR_MISSING'
  | 'PAIR_NOT_YET_VALID'
  | 'PAIR_REVOKED'
  | 'REQUEST_OF_OTHER'
  | 'ROTATION_HOLDERS'
  | 'ROTATION_NOT_PREPARED'
  | 'ROTATION_NOT_SWITCHED';

/** An order that this CA cannot carry out, or a pair that cannot be handed out. */
export class AuthorityError extends MtlsError<AuthorityErrorCode> {
  override readonly name: string = 'AuthorityError';
}
