import { found } from './found.ts';
import type { Found } from './found.ts';

/** Something that could not be looked at, and why: it may be well, or not. */
export function notSeen(subject: string, reason: string, hint?: string): Found {
  return found('host', 'not-seen', { subject, message: reason, hint });
}
