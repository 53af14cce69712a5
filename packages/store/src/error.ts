import { MtlsError } from '@docker-mtls/errors';

export type StoreErrorCode =
  | 'STORE_BUSY'
  | 'STORE_CORRUPT'
  | 'STORE_EXISTS'
  | 'STORE_FILES_MISSING'
  | 'STORE_FOREIGN'
  | 'STORE_KEY_COMPROMISED'
  | 'STORE_KEY_MISSING'
  | 'STORE_NAME_COLLIDES'
  | 'STORE_NAME_TAKEN'
  | 'STORE_NAME_UNUSABLE'
  | 'STORE_NEWER'
  | 'STORE_NOT_A_DIRECTORY'
  | 'STORE_NOT_EMPTY'
  | 'STORE_NOT_FOUND'
  | 'STORE_NOT_REPLACED'
  | 'STORE_NO_LOCKS'
  | 'STORE_NO_SPACE'
  | 'STORE_OTHER_OWNER'
  | 'STORE_PROFILE_INVALID'
  | 'STORE_READ_ONLY'
  | 'STORE_SERIAL_TAKEN'
  | 'STORE_UNPUBLISHED'
  | 'STORE_UNSAFE'
  | 'STORE_UNUSABLE';

/** Something about a CA directory that its owner can fix. */
export class StoreError extends MtlsError<StoreErrorCode> {
  override readonly name: string = 'StoreError';
}
