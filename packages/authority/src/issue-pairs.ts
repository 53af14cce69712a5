import type { BundleFiles } from '@docker-mtls/bundle';
import type { Certificate, Profile } from '@docker-mtls/ca';
import { preparePair, requestOf } from './issue-pair.ts';
import type { PairOrder, PreparedPair } from './issue-pair.ts';
import type { Session } from './session.ts';
import { withCurrentCa } from './with-current-ca.ts';

/** A pair that was just issued, with its files, so that packing need not read them again. */
export type IssuedOne = {
  readonly name: string;
  readonly certificate: Certificate;
  readonly directory: string;
  readonly files: BundleFiles;
};

/** The order for a client of a list: everything else comes from the profile. */
export function plainClientOrder({ name, groups }: Pick<PairOrder, 'name' | 'groups'>): PairOrder {
  return { kind: 'client', name, groups, sans: [], force: false };
}

/**
 * How many pairs become one change of the CA directory: its lock is held, they are in memory together, and a kill costs what
 * was made of them. More are no faster. An RSA key takes a second.
 */
export const BATCH = 500;
const RSA_BATCH = 25;

/** What to issue to each of many, and what to keep of it: orders and files of all of them would need much memory. */
export type ManyPairs<Wanted, Kept> = {
  readonly wanted: readonly Wanted[];
  readonly orderOf: (wanted: Wanted) => PairOrder;
  readonly keep: (pair: IssuedOne) => Kept;
};

/**
 * Issues many pairs of one kind, with the CA unlocked once. A name that another command has issued a pair meanwhile is
 * skipped, unless the order says `force`. Returns what `keep` takes of each.
 */
export async function issuePairs<Wanted, Kept>(
  session: Session,
  { wanted, orderOf, keep }: ManyPairs<Wanted, Kept>,
): Promise<readonly Kept[]> {
  const [first] = wanted.slice(0, 1).map(orderOf);
  if (first === undefined) return [];
  const profile = await session.reader.profile(first.kind);
  const size = batchSize([first.keyType ?? profile.keyType]);
  const issued: Kept[] = [];
  for (let start = 0; start < wanted.length; start += size) {
    const batch = wanted.slice(start, start + size).map(orderOf);
    const published = await withCurrentCa(session, async () =>
      publishAll(session, await prepareAll(session, profile, batch)),
    );
    issued.push(...published.map(keep));
    if (wanted.length > size)
      session.caller.note?.({
        kind: 'progress',
        message: `issued ${issued.length} of ${wanted.length}…`,
        part: { done: issued.length, of: wanted.length },
      });
  }
  return issued;
}

export function batchSize(keyTypes: readonly string[]): number {
  return keyTypes.some((type) => type.startsWith('rsa-')) ? RSA_BATCH : BATCH;
}

async function prepareAll(
  session: Session,
  profile: Profile,
  orders: readonly PairOrder[],
): Promise<readonly PreparedPair[]> {
  const prepared: PreparedPair[] = [];
  for (const order of orders) prepared.push(await preparePair(session, order, { profile }));
  return prepared;
}

async function publishAll(
  session: Session,
  prepared: readonly PreparedPair[],
): Promise<readonly IssuedOne[]> {
  return session.exclusive(async (store) => {
    const { roots } = await store.authority();
    const ca = roots.map(({ pem }) => pem).join('');
    const wanted: PreparedPair[] = [];
    for (const pair of prepared)
      if (pair.order.force || (await store.current(pair.order.kind, pair.order.name)) === undefined)
        wanted.push(pair);
    const pairs = await store.publishPairs(wanted.map((pair) => requestOf(pair, session)));
    return wanted.map((pair, index) => issuedOne(pair, pairs[index]?.directory ?? '', ca));
  });
}

function issuedOne({ order, certificate, keyPem }: PreparedPair, directory: string, ca: string): IssuedOne {
  const files = { ca, certificate: certificate.pem, ...(keyPem !== undefined && { key: keyPem }) };
  return { name: order.name, certificate, directory, files };
}
