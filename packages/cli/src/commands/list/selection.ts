import { parseDuration, validityState } from '@docker-mtls/ca';
import type { ValidityState } from '@docker-mtls/ca';
import { quote } from '@docker-mtls/errors';
import type { Entry } from '@docker-mtls/ca-directory';
import type { EntryKind } from '@docker-mtls/registry';
import type { Args } from '../../command-line/args.ts';
import { UsageError } from '../../command-line/usage-error.ts';

export type EntryState = ValidityState | 'revoked' | 'replaced';

/** A certificate on record, and what is to be thought of it now. */
export type Listed = { readonly entry: Entry; readonly state: EntryState };

/** What `list` is asked for. */
export type Selection = {
  readonly all: boolean;
  readonly kind: EntryKind | undefined;
  readonly name: string | undefined;
  readonly group: string | undefined;
  readonly state: EntryState | undefined;
  /** Seconds from now. */
  readonly within: number | undefined;
};

export function selectionOf(args: Args): Selection {
  return {
    all: args.flag('all') === true,
    kind: args.text('kind') as EntryKind | undefined,
    name: args.text('name'),
    group: args.text('group'),
    state: args.text('state') as EntryState | undefined,
    within: withinOf(args.text('expiring-within')),
  };
}

function withinOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = parseDuration(text);
  if (seconds !== undefined) return seconds;
  throw new UsageError(
    `--expiring-within takes a number and s, m, h or d, not ${quote(text)}`,
    'write for instance --expiring-within 30d',
  );
}

/** The most urgent first: what has expired and was not replaced, what is not valid yet, what is due, the rest. */
export function select(entries: readonly Entry[], selection: Selection, now: Date): readonly Listed[] {
  return entries
    .map((entry) => ({ entry, state: stateOf(entry, now) }))
    .filter((listed) => isSelected(listed, selection, now))
    .toSorted(byUrgency);
}

export function stateOf({ status, kind, notBefore, notAfter }: Entry, now: Date): EntryState {
  if (status !== 'current') return status;
  return validityState({ notBefore, notAfter, isCa: kind === 'ca' }, now);
}

function isSelected(listed: Listed, selection: Selection, now: Date): boolean {
  const { entry, state } = listed;
  const { kind, name, group, within } = selection;
  if (kind !== undefined && entry.kind !== kind) return false;
  if (name !== undefined && entry.name !== name) return false;
  if (group !== undefined && !entry.certificate().info.subject.organizationalUnits.includes(group))
    return false;
  if (within !== undefined && entry.notAfter.getTime() - now.getTime() > within * 1000) return false;
  return selection.state === undefined
    ? isShown(listed, selection)
    : state === selection.state && isOfKind(entry, selection);
}

/** Without a state that is asked for: what is in force. Probes are shown where they are asked for. */
function isShown({ entry }: Listed, selection: Selection): boolean {
  return (
    selection.all || (isOfKind(entry, selection) && (entry.status === 'current' || entry.kind === 'probe'))
  );
}

function isOfKind({ kind }: Entry, selection: Selection): boolean {
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
