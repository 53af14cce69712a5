import { isPair, KEY_TYPES, readKeyPair } from '@docker-mtls/ca';
import type { KeyPair, Profile } from '@docker-mtls/ca';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import type { LeafKind } from '@docker-mtls/registry';
import { inPlace } from './finish-publishing.ts';
import { preparePair } from './issue-pair.ts';
import type { PairOrder, PreparedPair } from './issue-pair.ts';
import { lostKey, otherKey } from './renewal-plan.ts';
import type { PairOf, RenewablePair } from './renewal-plan.ts';
import type { RenewOrder } from './renewed.ts';
import type { Session } from './session.ts';

/** How many certificates are looked up at once: they are in memory together. */
const LOOKUP = 100;

/** Pairs in the portions in which `inForce` should be asked for them. */
export function inLookups<T>(pairs: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(pairs.length / LOOKUP);
  return Array.from({ length: count }, (_, index) => pairs.slice(index * LOOKUP, (index + 1) * LOOKUP));
}

/** The certificates in force under these names, by one look for each kind. */
export async function inForce(
  reader: Pick<StoreReader, 'entries'>,
  pairs: readonly PairOf[],
): Promise<ReadonlyMap<string, Entry>> {
  const found = new Map<string, Entry>();
  for (const kind of ['server', 'client'] as const) {
    const names = pairs.filter((pair) => pair.kind === kind).map(({ name }) => name);
    if (names.length === 0) continue;
    for (const entry of await reader.entries({ kind, names }))
      found.set(keyOfPair({ kind, name: entry.name }), entry);
  }
  return found;
}

export function keyOfPair({ kind, name }: PairOf): string {
  return `${kind} ${name}`;
}

/** Makes the key and signs the certificate of a renewal; nothing, where the pair is not the one in force any more. */
export async function prepareRenewal(
  session: Session,
  pair: RenewablePair,
  order: Pick<RenewOrder, 'keepKey' | 'csr'>,
): Promise<PreparedPair | undefined> {
  const current = await session.reader.current(pair.kind, pair.name);
  return prepareEntry(session, current, { ...order, pair, profiles: new Map() });
}

type Preparing = Pick<RenewOrder, 'keepKey' | 'csr'> & {
  readonly pair: RenewablePair;
  readonly profiles: Map<LeafKind, Profile>;
};

/** The same, of a certificate that has been looked up. */
export async function prepareEntry(
  session: Session,
  current: Entry | undefined,
  { pair: { kind, name, serial }, keepKey, csr, profiles }: Preparing,
): Promise<PreparedPair | undefined> {
  if (current?.serial !== serial) return undefined;
  const entry = await inPlace(session, current);
  const { sans, subject, keyType } = entry.certificate().info;
  const profile = profiles.get(kind) ?? (await session.reader.profile(kind));
  profiles.set(kind, profile);
  const order: PairOrder = {
    kind,
    name,
    groups: subject.organizationalUnits,
    sans,
    csr,
    keyType: KEY_TYPES.find((type) => type === keyType),
    keyPair: keepKey ? keyOf(entry) : undefined,
    force: true,
  };
  return preparePair(session, order, { profile, former: entry });
}

function keyOf(entry: Entry): KeyPair {
  const { key } = entry.directory === undefined ? {} : entry.read();
  if (key === undefined) throw lostKey(entry);
  const keyPair = readKeyPair(key.toString('utf8'));
  // Somebody may have put another key there, whose holder is not known.
  if (!isPair(entry.certificate(), keyPair)) throw otherKey(entry);
  return keyPair;
}
