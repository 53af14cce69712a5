import { MtlsError } from '@docker-mtls/errors';

export type SshErrorCode = 'SSH_HOST_INVALID';

/** An address that neither ssh nor the Docker CLI is to be given. */
export class SshError extends MtlsError<SshErrorCode> {
  override readonly name: string = 'SshError';
}
