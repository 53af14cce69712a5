import { found } from './found.ts';
import type { FoundFinding } from './found.ts';

/** The number of what could not be looked at. */
export const NOT_SEEN = 'DM690';

/** Something that could not be looked at, and why: it may be well, or not. */
export function notSeen(subject: string, reason: string, hint?: string): FoundFinding {
  return found('host', 'not-seen', { subject, message: reason, hint });
}
