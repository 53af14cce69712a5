import { CATALOGUE } from '@docker-mtls/doctor';
import type { BlockName, FindingNumber, Row } from '@docker-mtls/doctor';

/** What a command calls a finding, with the number that docs/findings.md has it under. */
export function withNumbers<T extends object>(
  block: BlockName,
  findings: readonly T[],
  wordOf: (finding: T) => string,
): readonly (T & { readonly finding?: FindingNumber })[] {
  const rows: Readonly<Record<string, Row>> = CATALOGUE[block];
  return findings.map((each) => {
    const id = rows[wordOf(each)]?.id;
    return id === undefined ? each : { ...each, finding: id };
  });
}
