import { MtlsError } from '@docker-mtls/errors';

export type PolicyErrorCode = 'POLICY_INVALID' | 'POLICY_NO_ADMINISTRATOR' | 'POLICY_TOO_LARGE';

/** A policy that cannot be used, and where in its text the reason is. */
export class PolicyError extends MtlsError<PolicyErrorCode> {
  override readonly name: string = 'PolicyError';
}
