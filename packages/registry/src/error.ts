import { MtlsError } from '@docker-mtls/errors';

export type RegistryErrorCode =
  | 'REGISTRY_BUSY'
  | 'REGISTRY_CORRUPT'
  | 'REGISTRY_NEWER'
  | 'REGISTRY_NO_LOCKS'
  | 'REGISTRY_NO_SPACE'
  | 'REGISTRY_READ_ONLY'
  | 'REGISTRY_UNUSABLE';

/** Something about a registry that its owner can fix. */
export class RegistryError extends MtlsError<RegistryErrorCode> {
  override readonly name: string = 'RegistryError';
}
