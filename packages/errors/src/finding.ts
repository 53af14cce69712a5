/** `error`: something is broken or open; `warning`: it will be, or is risky; `note`: worth knowing. */
export type Severity = 'error' | 'warning' | 'note';

/** One thing that a check found. */
export type Finding<Id extends string = string> = {
  /** Stable: programs and documentation refer to it. */
  readonly id: Id;
  readonly severity: Severity;
  /** What was found, with the value. */
  readonly message: string;
  /** What to do about it, in one imperative sentence. */
  readonly hint?: string | undefined;
};
