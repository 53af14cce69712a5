import { MtlsError } from '@docker-mtls/errors';

export type DoctorErrorCode = 'DOCTOR_TARGET_INVALID';

/** What cannot be looked at, because it is not named as it must be. */
export class DoctorError extends MtlsError<DoctorErrorCode> {
  override readonly name: string = 'DoctorError';
}
