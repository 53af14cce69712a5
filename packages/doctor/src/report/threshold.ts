import type { Severity } from '@docker-mtls/errors';
import type { FoundFinding } from '../found.ts';

const ORDER: readonly Severity[] = ['note', 'warning', 'error'];

/** From which severity on a finding counts as a failure. */
export type FailOn = Severity | 'never';

export function failsAt(failOn: FailOn, { severity }: Pick<FoundFinding, 'severity'>): boolean {
  return failOn !== 'never' && ORDER.indexOf(severity) >= ORDER.indexOf(failOn);
}
