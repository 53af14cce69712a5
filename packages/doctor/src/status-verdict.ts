import { NOT_SEEN } from './not-seen.ts';
import type { Status } from './status.ts';

export type StatusVerdict = 'nothing-to-do' | 'something-to-do' | 'not-everything-seen';

/** Notes are worth knowing, and nothing to do. */
export function statusVerdict({ findings }: Pick<Status, 'findings'>): StatusVerdict {
  if (findings.some(({ severity }) => severity !== 'note')) return 'something-to-do';
  return findings.some(({ id }) => id === NOT_SEEN) ? 'not-everything-seen' : 'nothing-to-do';
}
