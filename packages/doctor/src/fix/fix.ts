import type { FindingNumber } from '../catalogue/row.ts';

/** A way to fix a finding that cuts nobody off: shown before it is taken, with the way back. */
export type Fix = {
  readonly finding: FindingNumber;
  readonly subject: string;
  /** What is done, as a command would do it. */
  readonly does: string;
  /** The command that takes it back. */
  readonly back: string;
  readonly apply: () => Promise<void>;
};
