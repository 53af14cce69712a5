import { MtlsError } from '@docker-mtls/errors';
import type { MtlsErrorOptions } from '@docker-mtls/errors';

export type PolicyErrorCode =
  'POLICY_CASES_INVALID' | 'POLICY_INVALID' | 'POLICY_NO_ADMINISTRATOR' | 'POLICY_TOO_LARGE';

/** A place in a text: both from 1, columns in UTF-16 code units. */
export type TextPlace = { readonly line: number; readonly column: number };

/** A policy, or a list of cases, that cannot be used, and where in its text the reason is. */
export class PolicyError extends MtlsError<PolicyErrorCode> {
  override readonly name: string = 'PolicyError';
  readonly place: TextPlace | undefined;
  /** The message without the place. */
  readonly problem: string;

  constructor(
    code: PolicyErrorCode,
    problem: string,
    { place, ...options }: MtlsErrorOptions & { readonly place?: TextPlace } = {},
  ) {
    super(
      code,
      place === undefined ? problem : `line ${place.line}, column ${place.column}: ${problem}`,
      options,
    );
    this.place = place;
    this.problem = problem;
  }
}
