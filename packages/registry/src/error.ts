import { MtlsError } from '@docker-mtls/errors';

export type RegistryErrorCode =
  | 'STORE_BUSY'
  | 'STORE_CORRUPT'
  | 'STORE_NEWER'
  | 'STORE_NO_LOCKS'
  | 'STORE_NO_SPACE'
  | 'STORE_READ_ONLY'
  | 'STORE_UNUSABLE';

/** Something about a registry that its owner can fix. */
export class RegistryError extends MtlsError<RegistryErrorCode> {
  override readonly name: string = 'RegistryError';
}
