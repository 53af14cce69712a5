import { AuthorityError, hasKey } from '@docker-mtls/authority';
import { clientFiles } from '@docker-mtls/authority/archives';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import { checkEngineFiles, wantedListens } from '@docker-mtls/engine';
import type { LocalEngine } from '@docker-mtls/engine';
import { isMtlsError } from '@docker-mtls/errors';
import type { PairPem } from '@docker-mtls/proof';
import { servedServer } from '../pair/served-pair.ts';
import { findPlaces } from '../proof/proof-places.ts';
import type { Place } from '../proof/proof-places.ts';
import { proofNames } from '../proof/prove.ts';
import { placesAt } from './from-client.ts';
import { strangersFor } from './strangers.ts';
import type { CheckSubject } from './subject.ts';

export type FromCa = {
  readonly reader: StoreReader;
  readonly now: Date;
  /** The addresses of this machine. */
  readonly own: readonly string[];
  readonly engine: LocalEngine;
  /** The engine that was named. */
  readonly host: { readonly name: string; readonly port: number } | undefined;
};

/** The engine that a CA directory has issued a pair for, with a client of that CA. */
export async function subjectFromCa(order: FromCa): Promise<CheckSubject | undefined> {
  const { reader, now, own, engine, host } = order;
  const served = await servedServer(engine.config, reader);
  const server = await serverFor(order, served);
  if (server === undefined) return undefined;
  const client = await clientIn(reader, now);
  // Now: the CA directory is closed by the time that the engine is asked.
  const pair = requirePair(client);
  const isHere = server.name === served;
  const listens = isHere ? await wantedListens(engine, []) : [`0.0.0.0:${host?.port}`];
  const where = isHere ? 'here' : 'elsewhere';
  const found = await findPlaces({ listens, server, where, own });
  // What was named may be another of the engine's names.
  const named = host === undefined ? { places: [], unresolved: [] } : await placesAt(host);
  const { certificate, roots } = await reader.authority();
  const who = `${client.name}, with the pair issued to them`;
  const strangers = {
    now,
    ca: certificate.info.subject.commonName ?? 'CA',
    client: client.name,
    server: pairOf(server),
  };
  return {
    engine: server.name,
    places: distinct([...named.places, ...found.places]),
    unresolved: [...new Set([...named.unresolved, ...found.unresolved])],
    order: {
      roots: roots.map(({ pem }) => pem),
      fingerprint: server.fingerprint,
      names: proofNames(server),
      client: { who, pair: () => pair },
      strangers: strangersFor(strangers),
    },
    files: isHere ? checkEngineFiles(engine.config, roots) : [],
  };
}

function distinct(places: readonly Place[]): readonly Place[] {
  return [
    ...new Map(places.toReversed().map((each) => [`${each.target.host} ${each.target.port}`, each])).values(),
  ];
}

/** By its name or one of the names of its certificate; without one, the pair that this machine's engine has. */
async function serverFor({ reader, host }: FromCa, served: string | undefined): Promise<Entry | undefined> {
  const all = await reader.entries({ kind: 'server' });
  const servers = all.filter(({ status }) => status === 'current');
  if (host === undefined) return servers.find(({ name }) => name === served);
  const { name } = host;
  const holds = (entry: Entry): boolean => entry.certificate().info.sans.some(({ value }) => value === name);
  return servers.find((entry) => entry.name === name) ?? servers.find(holds);
}

async function clientIn(reader: StoreReader, now: Date): Promise<Entry> {
  const clients = await reader.entries({ kind: 'client' });
  const client = clients.find((entry) => entry.status === 'current' && entry.notAfter > now && hasKey(entry));
  if (client !== undefined) return client;
  throw new AuthorityError('NOT_ISSUED', 'no client key on this machine to test with', {
    hint: 'issue one for it: docker-mtls issue-client probe',
  });
}

function requirePair(client: Entry): PairPem {
  const { certificate, key = '' } = clientFiles(client);
  return { certificate, key };
}

/** The engine's pair, where its key was made here and can be read. */
function pairOf(server: Entry): PairPem | undefined {
  try {
    const { certificate, key } = server.read();
    return certificate === undefined || key === undefined
      ? undefined
      : { certificate: certificate.toString(), key: key.toString() };
  } catch (error) {
    if (isMtlsError(error)) return undefined;
    throw error;
  }
}
