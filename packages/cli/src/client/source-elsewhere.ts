import path from 'node:path';
import { hasCa } from '@docker-mtls/authority';
import { ownUnpacked, requireUnpacked } from '@docker-mtls/context/client-source';
import type { ClientSource } from '@docker-mtls/context/client-source';
import { MtlsError, quote } from '@docker-mtls/errors';
import { caDirectory } from '../ca/ca-directory.ts';
import type { Args } from '../command-line/args.ts';
import type { Io } from '../io/io.ts';
import { clientFolder } from './client-folder.ts';
import { isFolder } from './client-source.ts';
import { contextSource } from './context-source.ts';

/** The files of a client that are not in the CA directory. Codes: `NOT_ISSUED`, `PAIR_MISSING`. */
export async function sourceElsewhere(
  name: string,
  host: string | undefined,
  { args, io }: { readonly args: Args; readonly io: Io },
): Promise<ClientSource> {
  if (isFolder(name)) return requireUnpacked(path.resolve(io.cwd, name));
  const found = contextSource(name, host, io) ?? ownUnpacked(path.join(io.cwd, name), io.uid);
  if (found !== undefined) return found;
  if (await hasCa(caDirectory(args, io))) return { folder: await clientFolder(args, io) };
  throw new MtlsError('NOT_ISSUED', `${quote(name)} is not a client, a context or an unpacked bundle here`, {
    hint: 'unpack the bundle first: docker-mtls unbundle FILE --install; or name its folder, as in ./alice',
  });
}
