import type { Status } from '@docker-mtls/doctor';

/** Notes are worth knowing, and nothing to do. */
export type Verdict = 'nothing-to-do' | 'something-to-do' | 'not-everything-seen';

/** Of what could not be looked at. */
export const NOT_SEEN = 'DM690';

export function verdictOf({ findings }: Pick<Status, 'findings'>): Verdict {
  if (findings.some(({ severity }) => severity !== 'note')) return 'something-to-do';
  return findings.some(({ id }) => id === NOT_SEEN) ? 'not-everything-seen' : 'nothing-to-do';
}
