import { MtlsError } from '@docker-mtls/errors';

export type AuditErrorCode = 'AUDIT_CHECKPOINT_INVALID';

export class AuditError extends MtlsError<AuditErrorCode> {
  override readonly name: string = 'AuditError';
}
