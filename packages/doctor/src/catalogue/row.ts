import type { Severity } from '@docker-mtls/errors';

/** Stable: a number is never used again for another finding, not even after its row is gone. */
export type FindingNumber = `DM${number}`;

/** One kind of finding: all about it that does not depend on where it was found. */
export type Row = {
  readonly id: FindingNumber;
  /** What it usually is; a finding may be milder where the circumstances are. */
  readonly severity: Severity;
  readonly title: string;
  /** How to fix it: one imperative sentence. */
  readonly fix: string;
  /** Recommendations of the CIS Docker Benchmark, of the version that `CIS_VERSION` names. */
  readonly cis?: readonly string[];
};

/** A block of rows by the word that reports and programs know each by. */
export type Block = Readonly<Record<string, Row>>;

export const CIS_VERSION = '1.8.0';
