import type { PairOf, RenewalPlan, RenewalSelection } from './renewal-plan.ts';

/** A pair that took the place of one with the same names, groups and lifetime. */
export type RenewedPair = PairOf & {
  readonly serial: string;
  readonly notAfter: Date;
  /** Serial of the one before. */
  readonly replaces: string;
  readonly directory: string;
};

/** A pair that could not be renewed, though it should have been. It is on record, and `due` waits before the next attempt. */
export type FailedPair = PairOf & {
  /** Of the certificate that is still in force. */
  readonly serial: string;
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
};

export type Renewed = Pick<RenewalPlan, 'skipped'> & {
  readonly renewed: readonly RenewedPair[];
  readonly failed: readonly FailedPair[];
};

export type RenewOrder = RenewalSelection & {
  /** Has a hook to follow each pair: that is on record before the pair is published. */
  readonly expectsHooks?: boolean | undefined;
};
