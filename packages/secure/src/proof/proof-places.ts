import net from 'node:net';
import { lookUp } from '@docker-mtls/proof';
import type { AddressProof, ProofTarget } from '@docker-mtls/proof';
import type { Entry } from '@docker-mtls/ca-directory';
import { bracketed, isAnyAddress, splitAddress } from './engine-addresses.ts';

/** An address at which the engine is asked. */
export type Place = {
  readonly target: ProofTarget;
  /** As it is reported: `NAME:PORT`, or `NAME:PORT (ADDRESS)` where a name has several. */
  readonly label: string;
  /**
   * - `listen`: the engine listens on it.
   * - `name`: a name of the engine leads there, and what listens on all addresses listens on it.
   * - `maybe`: a name leads there, or it is a loopback address: the engine need not be there, but what answers counts.
   */
  readonly claim: 'listen' | 'name' | 'maybe';
  readonly isLocal: boolean;
};

/** What came of asking there. */
export type Asked = { readonly place: Place; readonly proof: AddressProof };

export type Places = {
  readonly places: readonly Place[];
  /** Loopback addresses, to be asked where no other address answers. */
  readonly fallbacks: readonly Place[];
  /** `NAME:PORT` of each name that leads nowhere. */
  readonly unresolved: readonly string[];
};

type PlacesOrder = {
  readonly listens: readonly string[];
  readonly server: Entry;
  /** Where the engine is for certain. */
  readonly where: 'here' | 'elsewhere' | undefined;
  /** The addresses of this machine. */
  readonly own: readonly string[];
};

/** Every address that the engine listens on, and every address of every name that clients connect by. */
export async function findPlaces(order: PlacesOrder): Promise<Places> {
  const found = await Promise.all(order.listens.map((listen) => placesOf(order, listen)));
  const places = distinctPlaces(found.flatMap((each) => each.places));
  const fallbacks = distinctPlaces(found.flatMap((each) => each.fallbacks));
  return { places, fallbacks, unresolved: [...new Set(found.flatMap((each) => each.unresolved))] };
}

async function placesOf(order: PlacesOrder, listen: string): Promise<Places> {
  const { host, port } = splitAddress(listen);
  const isAny = isAnyAddress(host);
  const covers = (address: string): boolean => host === '::' || net.isIPv4(address);
  const named = await Promise.all(
    namesOf(order.server).map(async (name) => ({ name, addresses: await addressesOf(name) })),
  );
  const byName = named.flatMap(({ name, addresses }) =>
    addresses.map((address): Place => {
      const isOwn = isLoopback(address) || order.own.includes(address);
      const isClaimed = isAny && covers(address) && (order.where !== 'here' || isOwn);
      const several = addresses.length === 1 ? '' : ` (${address})`;
      return {
        target: { host: address, port },
        label: `${name}:${port}${several}`,
        claim: isClaimed ? 'name' : 'maybe',
        isLocal: isOwn,
      };
    }),
  );
  const unresolved = named
    .filter(({ addresses }) => addresses.length === 0)
    .map(({ name }) => `${name}:${port}`);
  if (!isAny) {
    const own: Place = { target: { host, port }, label: labelOf(host, port), claim: 'listen', isLocal: true };
    return { places: [own, ...byName], fallbacks: [], unresolved: [] };
  }
  const loopback = (host === '::' ? ['127.0.0.1', '::1'] : ['127.0.0.1']).map((address): Place => ({
    target: { host: address, port },
    label: labelOf(address, port),
    claim: address === '127.0.0.1' ? 'listen' : 'maybe',
    isLocal: true,
  }));
  if (order.where === 'here') return { places: [...loopback, ...byName], fallbacks: [], unresolved };
  return { places: byName, fallbacks: order.where === 'elsewhere' ? [] : loopback, unresolved };
}

/** A wildcard is not an address, and `localhost` is one of every machine. */
function namesOf(server: Entry): readonly string[] {
  const sans = server.certificate().info.sans.filter(({ kind }) => kind === 'dns');
  const names = new Set([server.name, ...sans.map(({ value }) => value)]);
  return [...names].filter((name) => !name.startsWith('*') && name !== 'localhost');
}

const LOOKUP_PATIENCE = 5000;

/** Every address that a name leads to; none where it leads nowhere. An address leads to itself. */
export async function addressesOf(name: string): Promise<readonly string[]> {
  const looked = await lookUp(name, LOOKUP_PATIENCE);
  return 'failure' in looked ? [] : looked.addresses;
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

function labelOf(host: string, port: number): string {
  return `${bracketed(host)}:${port}`;
}

/** The first of each address: it has the stronger claim. */
export function distinctPlaces(places: readonly Place[]): readonly Place[] {
  const known = new Set<string>();
  return places.filter(({ target: { host, port } }) => {
    const key = `${host} ${port}`;
    return known.has(key) ? false : known.add(key);
  });
}
