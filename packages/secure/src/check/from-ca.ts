import { AuthorityError, clientWithKey } from '@docker-mtls/authority';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import { checkEngineFiles } from '@docker-mtls/engine';
import { unlessRefused } from '@docker-mtls/errors';
import type { PairPem } from '@docker-mtls/proof';
import { distinctPlaces, findPlaces } from '../proof/proof-places.ts';
import { clientPair, proofNames } from '../proof/prove.ts';
import { enginesWithPair } from './engines-with-pair.ts';
import type { EnginesOrder, PairedEngine } from './engines-with-pair.ts';
import { placesAt } from './from-client.ts';
import { strangersFor } from './strangers.ts';
import type { CheckSubject, CheckSubjects } from './subject.ts';

export type FromCa = EnginesOrder & {
  readonly now: Date;
  /** The addresses of this machine. */
  readonly own: readonly string[];
  /** The engine that was named. */
  readonly host: { readonly name: string; readonly port: number } | undefined;
};

/** The engines that a CA directory has issued a pair for, with a client of that CA: those of this machine, or the named. */
export async function subjectsFromCa(order: FromCa): Promise<CheckSubjects | undefined> {
  const { host } = order;
  const here = await enginesWithPair(order);
  const servers = await order.reader.entries({ kind: 'server' });
  const current = servers.filter(({ status }) => status === 'current');
  if (host !== undefined) {
    const server = serverNamed(current, host.name);
    if (server === undefined) return undefined;
    const at = here.engines.find(({ name }) => name === server.name);
    return { subjects: [await subjectOf(order, server, at)], unchecked: [] };
  }
  const found: CheckSubject[] = [];
  for (const at of here.engines) {
    const server = current.find(({ name }) => name === at.name);
    if (server !== undefined) found.push(await subjectOf(order, server, at));
  }
  const [first, ...others] = found;
  return first && { subjects: [first, ...others], unchecked: here.unchecked };
}

async function subjectOf(
  { reader, now, own, host }: FromCa,
  server: Entry,
  at: PairedEngine | undefined,
): Promise<CheckSubject> {
  const client = await clientIn(reader, now);
  // Now: the CA directory is closed by the time that the engine is asked.
  const pair = clientPair(client);
  const listens = at?.listens ?? [`0.0.0.0:${host?.port}`];
  const where = at === undefined ? 'elsewhere' : 'here';
  const found = await findPlaces({ listens, server, where, own });
  // What was named may be another of the engine's names.
  const named = host === undefined ? { places: [], unresolved: [] } : await placesAt(host);
  const { certificate, roots } = await reader.authority();
  const strangers = {
    now,
    ca: certificate.info.subject.commonName ?? 'CA',
    client: client.name,
    server: pairOf(server),
  };
  return {
    engine: server.name,
    places: distinctPlaces([...named.places, ...found.places]),
    unresolved: [...new Set([...named.unresolved, ...found.unresolved])],
    order: {
      roots: roots.map(({ pem }) => pem),
      fingerprint: server.fingerprint,
      names: proofNames(server),
      client: { who: `${client.name}, with the pair issued to them`, pair: () => pair },
      strangers: strangersFor(strangers),
    },
    files: at === undefined ? [] : checkEngineFiles(at.config, roots),
  };
}

/** By its name or one of the names of its certificate. */
function serverNamed(servers: readonly Entry[], name: string): Entry | undefined {
  const holds = (entry: Entry): boolean => entry.certificate().info.sans.some(({ value }) => value === name);
  return servers.find((entry) => entry.name === name) ?? servers.find(holds);
}

async function clientIn(reader: StoreReader, now: Date): Promise<Entry> {
  const client = await clientWithKey(reader, now);
  if (client !== undefined) return client;
  throw new AuthorityError('NOT_ISSUED', 'no client key on this machine to test with', {
    hint: 'issue one for it: docker-mtls issue-client probe',
  });
}

/** The engine's pair, where its key was made here and can be read. */
function pairOf(server: Entry): PairPem | undefined {
  return unlessRefused(() => {
    const { certificate, key } = server.read();
    return key && { certificate: certificate.toString(), key: key.toString() };
  });
}
