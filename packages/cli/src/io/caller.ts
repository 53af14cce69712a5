import type { Caller } from '@docker-mtls/errors';
import type { Io } from './io.ts';

/**
 * The person at this command line, as operations know them. Progress is shown only where somebody watches; each
 * batch of a long list is told as such, and ends with its memory collected.
 */
export function callerOf({ operator, now, note, progress, partIsDone }: Io): Caller {
  return {
    operator,
    now,
    note: ({ kind, message, part }) => {
      if (kind === 'progress') {
        progress?.(message, part);
        if (part !== undefined) partIsDone();
      } else note(kind === 'warning' ? `warning: ${message}` : message);
    },
  };
}
