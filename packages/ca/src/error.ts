import { MtlsError } from '@docker-mtls/errors';

export type CaErrorCode =
  | 'CA_CERTIFICATE_INVALID'
  | 'CA_CRL_INVALID'
  | 'CA_CSR_INVALID'
  | 'CA_CSR_PROOF'
  | 'CA_EXPIRED'
  | 'CA_KEY_ENCRYPTED'
  | 'CA_KEY_INVALID'
  | 'CA_KEY_TYPE_UNKNOWN'
  | 'CA_KEY_WEAK'
  | 'CA_LEAF_OUTLIVES_ISSUER'
  | 'CA_LIFETIME_INVALID'
  | 'CA_LINT'
  | 'CA_NAME_INVALID'
  | 'CA_NOT_A_CA'
  | 'CA_NOT_YET_VALID'
  | 'CA_PAIR_MISMATCH'
  | 'CA_PASSPHRASE_INVALID'
  | 'CA_PASSPHRASE_NEEDED'
  | 'CA_PASSPHRASE_WRONG'
  | 'CA_PROFILE_INVALID'
  | 'CA_SAN_INVALID';

/** Something about a name, a key, a profile or a certificate that its owner can correct. */
export class CaError extends MtlsError<CaErrorCode> {
  override readonly name: string = 'CaError';
}
