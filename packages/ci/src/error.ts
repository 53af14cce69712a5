import { MtlsError } from '@docker-mtls/errors';

export type CiErrorCode = 'CI_ENGINE_INVALID';

/** Something that an automation server cannot be given as it was asked for. */
export class CiError extends MtlsError<CiErrorCode> {
  override readonly name: string = 'CiError';
}
