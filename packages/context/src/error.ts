import { MtlsError } from '@docker-mtls/errors';

export type ContextErrorCode =
  | 'CONTEXT_BUSY'
  | 'CONTEXT_CONFIG_INVALID'
  | 'CONTEXT_EXISTS'
  | 'CONTEXT_HOST_INVALID'
  | 'CONTEXT_IN_USE'
  | 'CONTEXT_KEY_ELSEWHERE'
  | 'CONTEXT_NOT_FOUND'
  | 'CONTEXT_SHELL_UNKNOWN'
  | 'CONTEXT_TLS_INVALID'
  | 'CONTEXT_VALUE_UNPRINTABLE';

/** Something about a Docker context, or about the folder where Docker keeps them, that its owner can fix. */
export class ContextError extends MtlsError<ContextErrorCode> {
  override readonly name: string = 'ContextError';
}
