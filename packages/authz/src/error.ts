import { MtlsError } from '@docker-mtls/errors';

export type AuthzErrorCode =
  | 'AUDIT_NOT_FOUND'
  | 'AUTHZ_AUDIT_DAMAGED'
  | 'AUTHZ_FILE_UNSAFE'
  | 'AUTHZ_LIST_REFUSED'
  | 'AUTHZ_LOCKS_INVALID'
  | 'AUTHZ_LOCK_NOT_FOUND'
  | 'AUTHZ_SOCKET_REFUSED';

/** Why the plugin does not start, or does not take a file; or why its log cannot be read. */
export class AuthzError extends MtlsError<AuthzErrorCode> {
  override readonly name: string = 'AuthzError';
}
