import type { Caller } from '@docker-mtls/errors';
import type { Io } from './io.ts';

/** The person at this command line, as operations know them. Progress is shown only where somebody watches. */
export function callerOf({ operator, now, note, progress }: Io): Caller {
  return {
    operator,
    now,
    note: ({ kind, message, part }) => {
      if (kind === 'progress') progress?.(message, part);
      else note(kind === 'warning' ? `warning: ${message}` : message);
    },
  };
}
