import { validityState } from '@docker-mtls/ca';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import type { LeafKind, RenewalFailure } from '@docker-mtls/registry';
import { orRefused, shellWord } from '@docker-mtls/errors';
import { moment } from '@docker-mtls/text';
import { hasKey, newPairHint, notIssued } from './current-pair.ts';
import { AuthorityError } from './error.ts';
import { retryAt } from './renewal-schedule.ts';

/** Whose pair it is. */
export type PairOf = { readonly kind: LeafKind; readonly name: string };

/** Whose pairs are to be renewed: by name, those that are due, or all. */
export type RenewalSelection = {
  readonly of: readonly PairOf[] | 'due' | 'all';
  readonly kind?: LeafKind | undefined;
  /** The new certificate is for the same key. */
  readonly keepKey: boolean;
  /** A certificate request that has the key; of one name alone. */
  readonly csr?: Buffer | undefined;
  /** Leaves out what is not to be renewed now, and not to be reported either. */
  readonly includes?: ((pair: PairOf) => boolean) | undefined;
};

/** `waiting`: an earlier renewal failed, and it is too early for the next attempt. */
export type SkipReason = 'ca-ends-first' | 'ca-expired' | 'key-elsewhere' | 'revoked' | 'waiting';

/** A pair that is not renewed, and why. */
export type SkippedPair = PairOf & { readonly reason: SkipReason; readonly message: string };

/** A certificate in force. It is read when its turn comes: there may be a hundred thousand. */
export type RenewablePair = PairOf & Pick<Entry, 'serial' | 'notAfter' | 'keyType'>;

export type RenewalPlan = {
  readonly renewing: readonly RenewablePair[];
  readonly skipped: readonly SkippedPair[];
};

/** Rows are in memory with their certificates while their page is renewed; more of them are read no faster. */
const PAGE = 200;

/** What becomes of a pair that was meant. */
export type JudgedPair = { readonly renewing: RenewablePair } | { readonly skipped: SkippedPair };

/**
 * What a renewal would do, pair by pair: there may be any number, and those that were judged may be renewed before the next
 * are read. Code: `NOT_ISSUED`, before the first, for a name that never was.
 */
export async function* judgePairs(
  store: StoreReader,
  selection: RenewalSelection,
  now: Date,
): AsyncGenerator<JudgedPair> {
  const { certificate } = await store.authority();
  const failures = await store.renewalFailures();
  const judging: Judging = {
    ...selection,
    caEnds: certificate.info.notAfter,
    now,
    failures: new Map(failures.map((failure) => [failure.serial, failure])),
  };
  const { entries, revoked = [] } =
    typeof selection.of === 'string'
      ? { entries: currentIn(store, judging) }
      : await namedIn(store, selection.of);
  for (const skipped of revoked) yield { skipped };
  for await (const entry of entries) {
    const skipped = whySkipped(entry, judging);
    yield skipped === undefined ? { renewing: renewable(entry) } : { skipped };
  }
}

/** How many pairs a selection means, at most: for a progress bar. */
export async function countMeant(
  store: StoreReader,
  { of, kind }: RenewalSelection,
  now: Date,
): Promise<number> {
  if (typeof of !== 'string') return of.length;
  if (of === 'all') {
    const { servers, clients } = await store.recorded(Number.MAX_SAFE_INTEGER);
    return (kind === 'client' ? 0 : servers) + (kind === 'server' ? 0 : clients);
  }
  let due = 0;
  for (const each of kindsOf(kind)) {
    const { counts } = await store.attention({ kind: each, now, since: new Date(0), limit: 0 });
    due += counts.due + counts.expired + counts.notYetValid;
  }
  return due;
}

function kindsOf(kind: LeafKind | undefined): readonly LeafKind[] {
  return kind === undefined ? ['server', 'client'] : [kind];
}

function renewable({ kind, name, serial, notAfter, keyType }: Entry): RenewablePair {
  return { kind: leafKind(kind), name, serial, notAfter, keyType };
}

function leafKind(kind: Entry['kind']): LeafKind {
  return kind === 'server' ? 'server' : 'client';
}

/** A certificate that begins later was issued by a clock that was ahead, and is of no use until then. */
const DUE: ReadonlySet<string> = new Set(['due', 'expired', 'not-yet-valid']);

async function* currentIn(store: StoreReader, { of, kind, includes, now }: Judging): AsyncIterable<Entry> {
  for (const each of kindsOf(kind))
    for await (const entry of pagesOf(store, each)) {
      if (of === 'due' && !DUE.has(validityState(entry, now))) continue;
      if (includes?.({ kind: each, name: entry.name }) !== false) yield entry;
    }
}

async function* pagesOf(store: StoreReader, kind: LeafKind): AsyncIterable<Entry> {
  for (let after = ''; ;) {
    const page = await store.entries({ kind, page: { after, size: PAGE } });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.name ?? '';
  }
}

type Named = { readonly entries: readonly Entry[]; readonly revoked: readonly SkippedPair[] };

async function namedIn(store: StoreReader, names: readonly PairOf[]): Promise<Named> {
  const entries: Entry[] = [];
  const revoked: SkippedPair[] = [];
  for (const pair of names) {
    const { kind, name } = pair;
    const current = await store.current(kind, name);
    const former = current ?? (await store.entries({ kind, name, all: true }))[0];
    if (current !== undefined) entries.push(current);
    else if (former?.revokedAt === undefined) throw notIssued(pair, store.directory);
    else
      revoked.push({
        kind,
        name,
        reason: 'revoked',
        message: `it was revoked on ${moment(former.revokedAt)}: docker-mtls issue-${kind} ${shellWord(name)} makes a new pair`,
      });
  }
  return { entries, revoked };
}

type Judging = RenewalSelection & {
  readonly caEnds: Date;
  readonly now: Date;
  readonly failures: ReadonlyMap<string, RenewalFailure>;
};

function whySkipped(entry: Entry, judging: Judging): SkippedPair | undefined {
  const { of, caEnds, now } = judging;
  const { name, notBefore, notAfter } = entry;
  const kind = leafKind(entry.kind);
  const skip = (reason: SkipReason, message: string): SkippedPair => ({ kind, name, reason, message });
  if (caEnds < now)
    return skip('ca-expired', `the CA ended on ${moment(caEnds)}: docker-mtls ca renew gives it new dates`);
  if (isKeyElsewhere(entry, judging))
    return skip(
      'key-elsewhere',
      `its key was made elsewhere, or is lost: sign its request again with --csr FILE, or ${newPairHint({ kind, name })}`,
    );
  // Each run would renew it, and nothing would last any longer. One that begins later is of no use until then.
  if (typeof of === 'string' && notAfter >= caEnds && notBefore <= now)
    return skip('ca-ends-first', `it already lasts as long as the CA, until ${moment(caEnds)}`);
  return of === 'due' ? whyWaiting(entry, judging.failures.get(entry.serial), now) : undefined;
}

/** Why a command that names nobody does not try this pair again yet. */
export function whyWaiting(
  entry: Entry,
  failure: RenewalFailure | undefined,
  now: Date,
): SkippedPair | undefined {
  const next = failure && retryAt(failure, entry, now);
  if (failure === undefined || next === undefined || next <= now) return undefined;
  const { name } = entry;
  return { kind: leafKind(entry.kind), name, reason: 'waiting', message: waitingText(failure, next) };
}

function isKeyElsewhere(entry: Entry, { csr, keepKey }: Judging): boolean {
  if (csr !== undefined) return false;
  // A pair that cannot be looked at fails by itself, and the others are renewed.
  return orRefused(
    () => !hasKey(entry) && (keepKey || entry.directory !== undefined),
    () => false,
  );
}

function waitingText({ failures, failedAt, message }: RenewalFailure, next: Date): string {
  const times = failures === 1 ? 'it failed' : `it failed ${failures} times, last`;
  return `${times} on ${moment(failedAt)}: ${message}; the next attempt is after ${moment(next)}, or at once by its name`;
}

/** The pair's folder is gone, and with it the key that was to stay. */
export function lostKey({ kind, name }: Pick<Entry, 'kind' | 'name'>): AuthorityError {
  return new AuthorityError('PAIR_MISSING', `the key of the ${kind} ${JSON.stringify(name)} is gone`, {
    hint: 'omit --keep-key to renew it with a new one',
  });
}

/** The key in the pair's folder is not the one that is to stay. */
export function otherKey({ kind, name }: Pick<Entry, 'kind' | 'name'>): AuthorityError {
  const says = `the key in the folder of the ${kind} ${JSON.stringify(name)} is not that of its certificate`;
  return new AuthorityError('PAIR_DAMAGED', says, {
    hint: 'copy the right one there, or omit --keep-key to renew it with a new one',
  });
}
