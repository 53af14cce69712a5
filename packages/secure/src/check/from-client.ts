import { readCertificate } from '@docker-mtls/ca';
import type { PairPem } from '@docker-mtls/proof';
import { bracketed } from '../proof/engine-addresses.ts';
import { addressesOf } from '../proof/proof-places.ts';
import type { Place } from '../proof/proof-places.ts';
import { strangersFor } from './strangers.ts';
import type { CheckSubject } from './subject.ts';

export type FromClient = {
  /** The CAs that it trusts, and its pair. */
  readonly credentials: { readonly roots: readonly string[]; readonly pair: PairPem };
  /** For people: a context, or a folder. */
  readonly who: string;
  readonly host: { readonly name: string; readonly port: number };
  readonly now: Date;
};

/** An engine as a laptop knows it: by the files of a client alone. */
export async function subjectFromClient({ credentials, who, host, now }: FromClient): Promise<CheckSubject> {
  const { roots, pair } = credentials;
  const own = readCertificate(pair.certificate.slice(0, endOfFirst(pair.certificate))).info;
  const [root = ''] = roots;
  const ca = readCertificate(root).info.subject.commonName ?? 'CA';
  const { places, unresolved } = await placesAt(host);
  return {
    engine: host.name,
    places,
    unresolved,
    order: {
      roots,
      names: [host.name],
      client: { who: `${own.subject.commonName ?? 'the client'}, of ${who}`, pair: () => pair },
      strangers: strangersFor({ now, ca, client: own.subject.commonName ?? 'client' }),
    },
    files: [],
  };
}

const END = '-----END CERTIFICATE-----';

/** What stands behind the first certificate are those of its CAs. */
function endOfFirst(pem: string): number {
  return pem.indexOf(END) + END.length + 1;
}

/** Every address that a name leads to. */
export async function placesAt({
  name,
  port,
}: FromClient['host']): Promise<Pick<CheckSubject, 'places' | 'unresolved'>> {
  const addresses = await addressesOf(name);
  const label = `${bracketed(name)}:${port}`;
  const places = addresses.map((address): Place => ({
    target: { host: address, port },
    label: addresses.length === 1 ? label : `${label} (${address})`,
    claim: address === '::1' ? 'maybe' : 'name',
    isLocal: false,
  }));
  return { places, unresolved: places.length === 0 ? [label] : [] };
}
