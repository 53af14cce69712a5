import { validityState } from '@docker-mtls/ca';
import type { ValidityState } from '@docker-mtls/ca';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import type { EntryFilter, EntryKind } from '@docker-mtls/registry';

export type EntryState = ValidityState | 'revoked' | 'replaced';

/** A certificate on record, and what is to be thought of it now. */
export type Listed = { readonly entry: Entry; readonly state: EntryState };

/** Which certificates on record are asked for. */
export type EntrySelection = {
  readonly all: boolean;
  readonly kind: EntryKind | undefined;
  readonly name: string | undefined;
  readonly group: string | undefined;
  readonly state: EntryState | undefined;
  /** Seconds from now. */
  readonly within: number | undefined;
};

/** The most urgent first: what has expired and was not replaced, what is not valid yet, what is due, the rest. */
export async function listEntries(
  reader: StoreReader,
  selection: EntrySelection,
  now: Date,
): Promise<readonly Listed[]> {
  const entries = await reader.entries(filterOf(selection, now));
  return entries
    .map((entry) => ({ entry, state: stateOf(entry, now) }))
    .filter((listed) => isSelected(listed, selection, now))
    .toSorted(byUrgency);
}

/** What the registry finds through its indices; `isSelected` has the last word. */
function filterOf({ all, kind, name, state, within }: EntrySelection, now: Date): EntryFilter {
  return {
    all: all || kind === 'probe' || state !== undefined,
    ...(kind !== undefined && { kind }),
    ...(name !== undefined && { name }),
    ...(within !== undefined && { endingBy: new Date(now.getTime() + within * 1000) }),
  };
}

export function stateOf({ status, kind, notBefore, notAfter }: Entry, now: Date): EntryState {
  if (status !== 'current') return status;
  return validityState({ notBefore, notAfter, isCa: kind === 'ca' }, now);
}

function isSelected(listed: Listed, selection: EntrySelection, now: Date): boolean {
  const { entry, state } = listed;
  const { kind, name, group, within } = selection;
  if (kind !== undefined && entry.kind !== kind) return false;
  if (name !== undefined && entry.name !== name) return false;
  if (group !== undefined && !entry.groups.includes(group)) return false;
  if (within !== undefined && entry.notAfter.getTime() - now.getTime() > within * 1000) return false;
  return selection.state === undefined
    ? isShown(listed, selection)
    : state === selection.state && isOfKind(entry, selection);
}

/** Without a state that is asked for: what is in force. Probes are shown where they are asked for. */
function isShown({ entry }: Listed, selection: EntrySelection): boolean {
  return (
    selection.all || (isOfKind(entry, selection) && (entry.status === 'current' || entry.kind === 'probe'))
  );
}

function isOfKind({ kind }: Entry, selection: EntrySelection): boolean {
  return selection.all || kind !== 'probe' || selection.kind === 'probe';
}

const URGENCY: Readonly<Record<EntryState, number>> = {
  expired: 0,
  'not-yet-valid': 1,
  due: 2,
  valid: 3,
  revoked: 4,
  replaced: 5,
};

function byUrgency(one: Listed, other: Listed): number {
  return rank(one) - rank(other) || one.entry.notAfter.getTime() - other.entry.notAfter.getTime();
}

/** Nobody has to renew a probe. */
function rank({ entry, state }: Listed): number {
  return entry.kind === 'probe' ? URGENCY.replaced + 1 : URGENCY[state];
}
