import path from 'node:path';
import { LEAF_FILES, toFolderName } from '@docker-mtls/ca-directory';
import type { Entry } from '@docker-mtls/ca-directory';
import { engineFiles } from '@docker-mtls/engine';
import { unlessRefused } from '@docker-mtls/errors';
import type { Caller } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import { copyPair, isCopied, pairOf } from './pair/copy-pair.ts';

/** The folder of a server's files in a CA directory, which need not exist yet. */
export function serverPlace(directory: string, name: string): string {
  return path.join(directory, LEAF_FILES.server.folder, toFolderName('server', name));
}

/** Where the engine finds the server's files: in the CA directory, unless they are copied elsewhere. */
export function serverHome(out: string | undefined, server: Entry, caller: Caller): string {
  if (out === undefined) return server.directory ?? '';
  copyPair(out, pairOf(server), { force: true, now: caller.now(), note: caller.note });
  return out;
}

/** Is there nothing that `serverHome` would copy? */
export function isHome(out: string | undefined, server: Entry): boolean {
  return out === undefined || isCopied(out, pairOf(server));
}

/**
 * Is the engine on another machine? It is told to read its pair where this one does not have it. What answers on the
 * loopback of this one is another engine then, perhaps with another pair of the same CA.
 */
export function isElsewhere(certsDirectory: string | undefined, server: Entry): boolean {
  return (
    certsDirectory !== undefined && !holds(engineFiles(certsDirectory).certificate, server.certificate().pem)
  );
}

/** The user of a CA need not have access to the files of an engine of this machine. */
function holds(file: string, pem: string): boolean {
  return unlessRefused(() => readFile(file).toString('utf8').includes(pem.trim())) === true;
}
