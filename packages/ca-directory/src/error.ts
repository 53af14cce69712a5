import { MtlsError } from '@docker-mtls/errors';

export type StoreErrorCode =
  | 'STORE_CORRUPT'
  | 'STORE_BACKUP_INVALID'
  | 'STORE_CA_CHANGED'
  | 'STORE_EXISTS'
  | 'STORE_FILES_MISSING'
  | 'STORE_FOREIGN'
  | 'STORE_KEY_COMPROMISED'
  | 'STORE_KEY_MISSING'
  | 'STORE_NAME_COLLIDES'
  | 'STORE_NAME_TAKEN'
  | 'STORE_NAME_UNUSABLE'
  | 'STORE_NOT_A_DIRECTORY'
  | 'STORE_NOT_EMPTY'
  | 'STORE_NOT_FOUND'
  | 'STORE_NOT_REPLACED'
  | 'STORE_OTHER_OWNER'
  | 'STORE_PROFILE_INVALID'
  | 'STORE_ROTATING'
  | 'STORE_SERIAL_TAKEN'
  | 'STORE_UNPUBLISHED'
  | 'STORE_UNSAFE';

/** Something about a CA directory that its owner can fix. */
export class StoreError extends MtlsError<StoreErrorCode> {
  override readonly name: string = 'StoreError';
}
