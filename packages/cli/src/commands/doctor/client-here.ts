import path from 'node:path';
import { clientWithKey, readerIfAny } from '@docker-mtls/authority';
import { clientFiles } from '@docker-mtls/authority/archives';
import type { Certificate } from '@docker-mtls/ca';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { newerEntry } from '@docker-mtls/context';
import type { StoredContext } from '@docker-mtls/context';
import { contextCredentials } from '@docker-mtls/doctor';
import type { ClientCredentials } from '@docker-mtls/doctor';
import { isMtlsError } from '@docker-mtls/errors';
import { readFileIfExists } from '@docker-mtls/files';
import { moment } from '@docker-mtls/text';
import { caDirectory } from '../../ca/ca-directory.ts';
import type { Args } from '../../command-line/args.ts';
import type { Io } from '../../io/io.ts';

/** What this machine knows of engines and their clients. */
export type KnownHere = {
  readonly client: ClientCredentials | undefined;
  readonly roots: readonly Certificate[] | undefined;
  readonly newerThan: ((context: StoredContext) => Promise<string | undefined>) | undefined;
};

const NOTHING: KnownHere = { client: undefined, roots: undefined, newerThan: undefined };

/** Works with what a CA directory here knows, or without one. It is only read. */
export async function withKnown<T>(args: Args, io: Io, work: (known: KnownHere) => Promise<T>): Promise<T> {
  const named = credentialsIn(io.env['DOCKER_CERT_PATH'], io);
  const opened = await readerIfAny(caDirectory(args, io));
  if (opened === undefined) return work({ ...NOTHING, client: named });
  try {
    return await work({ ...(await readKnown(opened, io)), ...(named && { client: named }) });
  } finally {
    await opened.close();
  }
}

/** A CA directory that is damaged or unsafe is one of the things to be found: it must not end the search. */
async function readKnown(reader: StoreReader, io: Io): Promise<KnownHere> {
  try {
    return {
      client: await clientOf(reader, io),
      roots: (await reader.authority()).roots,
      newerThan: (context) => newerText(reader, context),
    };
  } catch (error) {
    if (!isMtlsError(error)) throw error;
    return NOTHING;
  }
}

/** A client whose certificate is valid now, and whose key is here. */
async function clientOf(reader: StoreReader, io: Io): Promise<ClientCredentials | undefined> {
  const entry = await clientWithKey(reader, io.now());
  if (entry === undefined) return undefined;
  const { certificate, key } = clientFiles(entry);
  if (key === undefined) return undefined;
  const { roots } = await reader.authority();
  return { roots: roots.map(({ pem }) => pem), pair: { certificate, key } };
}

async function newerText(reader: StoreReader, context: StoredContext): Promise<string | undefined> {
  const newer = context.tls.certificate === undefined ? undefined : await newerEntry(reader, context);
  return newer && `${newer.name} was issued a newer certificate, valid until ${moment(newer.notAfter)}`;
}

/** The files that the docker command would use: `$DOCKER_CERT_PATH`. */
export function credentialsIn(folder: string | undefined, io: Io): ClientCredentials | undefined {
  if (folder === undefined || folder === '') return undefined;
  const read = (name: string): Buffer | undefined => readFileIfExists(path.resolve(io.cwd, folder, name));
  const [ca, certificate, key] = ['ca.pem', 'cert.pem', 'key.pem'].map(read);
  if (ca === undefined || certificate === undefined || key === undefined) return undefined;
  return contextCredentials({ tls: { ca, certificate, key } });
}
