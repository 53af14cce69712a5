import path from 'node:path';
import { hasCa } from '@docker-mtls/authority';
import { MtlsError, quote } from '@docker-mtls/errors';
import { caDirectory } from '../ca/ca-directory.ts';
import type { Args } from '../command-line/args.ts';
import type { Io } from '../io/io.ts';
import { clientFolder } from './client-folder.ts';
import type { ClientSource } from './client-source.ts';
import { contextSource } from './context-source.ts';
import { ownUnpacked } from './unpacked-source.ts';

/** The files of a client that the CA directory has no folder of. Code: `NOT_ISSUED`. */
export async function sourceElsewhere(
  name: string,
  host: string | undefined,
  { args, io }: { readonly args: Args; readonly io: Io },
): Promise<ClientSource> {
  const found = contextSource(name, host, io) ?? ownUnpacked(path.join(io.cwd, name), io);
  if (found !== undefined) return found;
  if (await hasCa(caDirectory(args, io))) return { folder: await clientFolder(args, io) };
  throw new MtlsError('NOT_ISSUED', `${quote(name)} is not a client, a context or an unpacked bundle here`, {
    hint: 'unpack the bundle first: docker-mtls unbundle FILE --install; or name its folder, as in ./alice',
  });
}
