import type { Entry } from '@docker-mtls/ca-directory';
import type { Caller } from '@docker-mtls/errors';
import { dueWarning } from './usable-pair.ts';

/** At most this many names: a list of clients may be long. */
const SHOWN = 10;

/** Warns, where certificates are handed out or proven, of those that end soon. */
export function warnDue({ now, note }: Caller, entries: readonly Entry[]): void {
  const warnings = entries.flatMap((entry) => dueWarning(entry, now()) ?? []);
  for (const message of warnings.slice(0, SHOWN)) note?.({ kind: 'warning', message });
  if (warnings.length > SHOWN)
    note?.({
      kind: 'warning',
      message: `${warnings.length - SHOWN} more end soon: docker-mtls list --state due`,
    });
}
