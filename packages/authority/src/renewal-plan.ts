import { validityState } from '@docker-mtls/ca';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import type { LeafKind } from '@docker-mtls/registry';
import { moment } from '@docker-mtls/text';
import { hasKey, newPairHint, notIssued } from './current-pair.ts';
import { AuthorityError } from './error.ts';

/** Whose pairs are to be renewed: by name, those that are due, or all. */
export type RenewalSelection = {
  readonly of: readonly { readonly kind: LeafKind; readonly name: string }[] | 'due' | 'all';
  readonly kind?: LeafKind | undefined;
  /** The new certificate is for the same key. */
  readonly keepKey: boolean;
};

export type SkipReason = 'ca-ends-first' | 'ca-expired' | 'key-elsewhere' | 'revoked';

/** A pair that is not renewed, and why. */
export type SkippedPair = {
  readonly kind: LeafKind;
  readonly name: string;
  readonly reason: SkipReason;
  readonly message: string;
};

export type RenewalPlan = {
  readonly renewing: readonly Entry[];
  readonly skipped: readonly SkippedPair[];
};

/** What a renewal would do. Code: `NOT_ISSUED`, for a name that never was. */
export function planRenewal(store: StoreReader, selection: RenewalSelection, now: Date): RenewalPlan {
  const { notAfter } = store.authority().certificate.info;
  const found = selection.of === 'due' || selection.of === 'all' ? undefined : namedIn(store, selection.of);
  const entries = found?.entries ?? currentIn(store, selection, now);
  const judged = entries.map((entry) => ({
    entry,
    skip: whySkipped(entry, {
      caEnds: notAfter,
      now,
      isNamed: found !== undefined,
      keepKey: selection.keepKey,
    }),
  }));
  return {
    renewing: judged.flatMap(({ entry, skip }) => (skip === undefined ? [entry] : [])),
    skipped: [...(found?.revoked ?? []), ...judged.flatMap(({ skip }) => skip ?? [])],
  };
}

function currentIn(store: StoreReader, { of, kind }: RenewalSelection, now: Date): readonly Entry[] {
  const kinds = kind === undefined ? (['server', 'client'] as const) : [kind];
  return kinds
    .flatMap((each) => store.entries({ kind: each }))
    .filter((entry) => of === 'all' || ['due', 'expired'].includes(validityState(entry, now)));
}

type Named = { readonly entries: readonly Entry[]; readonly revoked: readonly SkippedPair[] };

function namedIn(
  store: StoreReader,
  names: readonly { readonly kind: LeafKind; readonly name: string }[],
): Named {
  const entries: Entry[] = [];
  const revoked: SkippedPair[] = [];
  for (const pair of names) {
    const { kind, name } = pair;
    const current = store.current(kind, name);
    const former = current ?? store.entries({ kind, name, all: true })[0];
    if (current !== undefined) entries.push(current);
    else if (former?.revokedAt === undefined) throw notIssued(pair, store.directory);
    else
      revoked.push({
        kind,
        name,
        reason: 'revoked',
        message: `it was revoked on ${moment(former.revokedAt)}: docker-mtls issue-${kind} makes a new pair`,
      });
  }
  return { entries, revoked };
}

type Judging = {
  readonly caEnds: Date;
  readonly now: Date;
  readonly isNamed: boolean;
  readonly keepKey: boolean;
};

function whySkipped(entry: Entry, { caEnds, now, isNamed, keepKey }: Judging): SkippedPair | undefined {
  const { kind, name, notAfter } = entry;
  const skip = (reason: SkipReason, message: string): SkippedPair => ({
    kind: kind === 'server' ? 'server' : 'client',
    name,
    reason,
    message,
  });
  if (caEnds < now) return skip('ca-expired', `the CA ended on ${moment(caEnds)}`);
  if ((keepKey || entry.directory !== undefined) && !hasKey(entry))
    return skip(
      'key-elsewhere',
      `its key was made elsewhere, or is lost: sign its request again with --csr FILE, or ${newPairHint({ kind, name })}`,
    );
  // Each run would renew it, and nothing would last any longer.
  if (!isNamed && notAfter >= caEnds)
    return skip('ca-ends-first', `it already lasts as long as the CA, until ${moment(caEnds)}`);
  return undefined;
}

/** The pair's folder is gone, and with it the key that was to stay. */
export function lostKey({ kind, name }: Entry): AuthorityError {
  return new AuthorityError('PAIR_MISSING', `the key of the ${kind} ${JSON.stringify(name)} is gone`, {
    hint: 'omit --keep-key to renew it with a new one',
  });
}
