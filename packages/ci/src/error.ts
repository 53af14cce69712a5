import { MtlsError } from '@docker-mtls/errors';

export type CiErrorCode = 'CI_ENGINE_INVALID' | 'CI_KEY_ELSEWHERE' | 'CI_PAIR_LONG';

/** Something that an automation server cannot be given as it was asked for. */
export class CiError extends MtlsError<CiErrorCode> {
  override readonly name: string = 'CiError';
}
