import { MtlsError } from '@docker-mtls/errors';

export type SecureErrorCode =
  | 'AUTHZ_NOT_PROVEN'
  | 'CLIENT_MISSING'
  | 'OUT_EXISTS'
  | 'PAIR_NOT_SERVED'
  | 'TIMER_NEEDS_PASSPHRASE'
  | 'TIMER_NEEDS_ROOT';

/** A plan that cannot be carried out as things are. */
export class SecureError extends MtlsError<SecureErrorCode> {
  override readonly name: string = 'SecureError';
}
