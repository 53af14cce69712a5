import path from 'node:path';
import type { Certificate } from '@docker-mtls/ca';
import type { ConfigurationOrder, CutOffOrder, Losers } from '@docker-mtls/engine';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { readerIfAny } from '../ca/reader-if-any.ts';
import type { Args } from '../command-line/args.ts';
import type { Io } from '../io/io.ts';

/** What the engine shows and trusts once the command is done: the names of its certificate, and the CAs. */
export type Shown = { readonly names: readonly string[]; readonly reader: StoreReader | undefined };

/** What a change of the engine is checked against, so that nobody loses access unless that was asked for. */
export async function clientsOrder(
  args: Args,
  io: Io,
  { names, reader }: Shown,
): Promise<NonNullable<ConfigurationOrder['clients']>> {
  const authorities = reader === undefined ? [] : (await reader.authority()).roots;
  return { ...cutOffOrder(args, io, reader), after: { names, authorities }, now: io.now() };
}

export function cutOffOrder(args: Args, io: Io, reader: StoreReader | undefined): CutOffOrder {
  return {
    flag: '--allow-cut-off',
    isGiven: args.flag('allow-cut-off') === true,
    losersOf: (authority, file) => losersOf({ authority, file, reader, now: io.now() }),
  };
}

type Lost = {
  readonly authority: Certificate;
  readonly file: string | undefined;
  readonly reader: StoreReader | undefined;
  readonly now: Date;
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
