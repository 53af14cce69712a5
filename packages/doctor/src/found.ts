import type { Finding, Severity } from '@docker-mtls/errors';
import { rowFor } from './catalogue/catalogue.ts';
import type { BlockName, FindingWords } from './catalogue/catalogue.ts';
import type { FindingNumber } from './catalogue/row.ts';

/** A finding in one place; its row has the rest. */
export type FoundFinding = Finding<FindingNumber> & {
  /** What it is about: an address, a file, a context. */
  readonly subject: string;
};

export type FoundDetails = {
  readonly subject: string;
  /** What was seen, with the value. */
  readonly message: string;
  /** The command or sentence that fixes it there; without it, what the row says. */
  readonly hint?: string | undefined;
  /** Where it is milder or worse than usual. */
  readonly severity?: Severity | undefined;
};

/** A finding of the catalogue. */
export function found<Name extends BlockName>(
  block: Name,
  word: FindingWords[Name],
  { subject, message, hint, severity }: FoundDetails,
): FoundFinding {
  const row = rowFor(block, word);
  return { id: row.id, severity: severity ?? row.severity, subject, message, hint: hint ?? row.fix };
}
