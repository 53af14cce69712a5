import { MtlsError } from '@docker-mtls/errors';

export type RegistryErrorCode =
  | 'REGISTRY_BUSY'
  | 'REGISTRY_CORRUPT'
  | 'REGISTRY_NEWER'
  | 'REGISTRY_NO_LOCKS'
  | 'REGISTRY_NO_SPACE'
  | 'REGISTRY_READ_ONLY'
  | 'REGISTRY_UNUSABLE';

/** What is left where the registry is damaged. By hand, a backup of it alone would revive those who were revoked since. */
export const RESTORE_HINT =
  'keep the damaged directory, and make another one of a backup: docker-mtls ca restore FILE --crl crl.pem --ca-dir OTHER';

/** Something about a registry that its owner can fix. */
export class RegistryError extends MtlsError<RegistryErrorCode> {
  override readonly name: string = 'RegistryError';
}
