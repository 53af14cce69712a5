import type { ProbeOutcome } from '@docker-mtls/proof';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';

/** A minute is more than a header's whole seconds and a slow answer account for. */
const TOLERATED_SECONDS = 60;

/** How far the clock of the engine is from ours, as the first answer with a date has it. */
export function clockFindings(
  subject: string,
  answers: readonly ProbeOutcome[],
  now: Date,
): readonly FoundFinding[] {
  const [theirs] = answers.flatMap(({ headers }) => {
    const date = new Date(headers?.date ?? '');
    return Number.isNaN(date.getTime()) ? [] : [date];
  });
  if (theirs === undefined) return [];
  const seconds = Math.round((theirs.getTime() - now.getTime()) / 1000);
  if (Math.abs(seconds) <= TOLERATED_SECONDS) return [];
  const message = `the clock of the engine is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} the clock here`;
  return [found('listeners', 'clock-skew', { subject, message })];
}
