import path from 'node:path';
import { LEAF_FILES, toFolderName } from '@docker-mtls/ca-directory';
import type { Entry } from '@docker-mtls/ca-directory';
import type { Args } from '../../command-line/args.ts';
import { copyPair, pairOf, isCopied, outFolder } from '../../pair/copy-out.ts';
import type { Io } from '../../io/io.ts';

/** The folder of a server's files in a CA directory, which need not exist yet. */
export function serverPlace(directory: string, name: string): string {
  return path.join(directory, LEAF_FILES.server.folder, toFolderName('server', name));
}

/** Where the engine finds the server's files: in the CA directory, unless `--out` has them elsewhere. */
export function serverHome(args: Args, io: Io, server: Entry): string {
  const out = outFolder(args, io);
  if (out === undefined) return server.directory ?? '';
  copyPair(out, pairOf(server), { force: true, now: io.now(), note: io.note });
  return out;
}

/** Is there nothing that `serverHome` would copy? */
export function isHome(args: Args, io: Io, server: Entry): boolean {
  const out = outFolder(args, io);
  return out === undefined || isCopied(out, pairOf(server));
}
