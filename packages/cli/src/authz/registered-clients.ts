import { hasCa } from '@docker-mtls/authority';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { clientsOf } from '@docker-mtls/secure/bindings';
import type { RegisteredClient } from '@docker-mtls/secure/bindings';
import { caDirectory } from '../ca/ca-directory.ts';
import { withCliSession } from '../ca/session.ts';
import type { Args } from '../command-line/args.ts';
import { ifHome } from '../io/home-folder.ts';
import type { Io } from '../io/io.ts';

/** The clients of the CA directory. Undefined: there is none here, and none is named. */
export async function registeredClients(
  args: Args,
  io: Io,
): Promise<readonly RegisteredClient[] | undefined> {
  return inRegistry(args, io, (reader) => clientsOf(reader, io.now()));
}

/** Reads in the CA directory. Undefined: there is none here, and none is named. */
export async function inRegistry<T>(
  args: Args,
  io: Io,
  read: (reader: StoreReader) => Promise<T>,
): Promise<T | undefined> {
  if (args.text('ca-dir') === undefined && !(await hasCaHere(args, io))) return undefined;
  return withCliSession(args, io, ({ reader }) => read(reader));
}

async function hasCaHere(args: Args, io: Io): Promise<boolean> {
  const directory = ifHome(() => caDirectory(args, io));
  return directory !== undefined && (await hasCa(directory));
}
