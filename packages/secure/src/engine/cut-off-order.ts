import path from 'node:path';
import { readerIfAny } from '@docker-mtls/authority';
import type { Certificate } from '@docker-mtls/ca';
import type { StoreReader } from '@docker-mtls/ca-directory';
import type { ConfigurationOrder, CutOffOrder, Insistence, Losers } from '@docker-mtls/engine';

type CutOff = {
  /** Does the user insist on a change that cuts somebody off? */
  readonly insistence: Insistence;
  readonly reader: StoreReader | undefined;
  readonly now: Date;
};

/** What a change of the engine is checked against, so that nobody loses access unless that was asked for. */
export async function clientsOrder(
  change: CutOff,
  names: readonly string[],
): Promise<NonNullable<ConfigurationOrder['clients']>> {
  const { reader, now } = change;
  const authorities = reader === undefined ? [] : (await reader.authority()).roots;
  return { ...cutOffOrder(change), after: { names, authorities }, now };
}

/** Looks up in registries who would lose access. */
export function cutOffOrder({ insistence, reader, now }: CutOff): CutOffOrder {
  return {
    ...insistence,
    losersOf: (authority, file) => losersOf({ authority, file, reader, now }),
  };
}

type Lost = Omit<CutOff, 'insistence'> & {
  readonly authority: Certificate;
  readonly file: string | undefined;
};

/** Who loses access with a CA: clients of this CA directory's registry, or of the one that the engine's files are in. */
async function losersOf({ authority, file, reader, now }: Lost): Promise<Losers> {
  const own = reader === undefined ? [] : await issuedBy(authority, reader, now);
  const directory = file === undefined ? undefined : path.dirname(path.dirname(path.dirname(file)));
  if (own.length > 0 || directory === undefined || directory === reader?.directory) return { clients: own };
  const other = await readerIfAny(directory);
  if (other === undefined) return { clients: [] };
  try {
    return { directory, clients: await issuedBy(authority, other, now) };
  } finally {
    await other.close();
  }
}

async function issuedBy({ info }: Certificate, reader: StoreReader, now: Date): Promise<readonly string[]> {
  const entries = await reader.entries({ kind: 'client' });
  return entries
    .filter(({ notAfter }) => notAfter > now)
    .filter((entry) => entry.certificate().info.authorityKeyId === info.keyId)
    .map(({ name }) => name);
}
