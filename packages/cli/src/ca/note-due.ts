import { dueWarning } from '@docker-mtls/authority';
import type { Entry } from '@docker-mtls/ca-directory';
import type { Io } from '../io/io.ts';

/** At most this many names: a list of clients may be long. */
const SHOWN = 10;

/** Warns, where certificates are handed out or proven, of those that end soon. */
export function noteDue(io: Io, entries: readonly Entry[]): void {
  const warnings = entries.flatMap((entry) => dueWarning(entry, io.now()) ?? []);
  for (const warning of warnings.slice(0, SHOWN)) io.note(`warning: ${warning}`);
  if (warnings.length > SHOWN)
    io.note(`warning: ${warnings.length - SHOWN} more end soon: docker-mtls list --state due`);
}
