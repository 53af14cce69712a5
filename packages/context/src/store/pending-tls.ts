import path from 'node:path';
import { TLS_FILES, type ContextTls } from '@docker-mtls/bundle';
import {
  createFile,
  exists,
  move,
  namesIn,
  PRIVATE_FILE,
  removeUnsynced,
  syncDirectory,
} from '@docker-mtls/files';

/**
 * New PEM files wait next to the folder that the Docker CLI reads: it passes over plain files there, but takes a
 * folder for an endpoint. `key` comes last under its name, and leaves it last, so while it waits, all of them are
 * complete and may be on their way.
 */
const KINDS = ['ca', 'certificate', 'key'] as const;
const PENDING = /^\.(?:ca|cert|key)\.pem\.(?:new|partial)$/;

function pending(folder: string, kind: (typeof KINDS)[number]): string {
  return path.join(folder, `.${TLS_FILES[kind]}.new`);
}

/** Whether new files wait, or are on their way: what is in place may be half of each. */
export function isPending(folder: string): boolean {
  return exists(pending(folder, 'key'));
}

/** Makes the new files, durably and as a whole. */
export function stagePending(folder: string, { ca, certificate, key }: Required<ContextTls>): void {
  createFile(pending(folder, 'ca'), ca, PRIVATE_FILE);
  createFile(pending(folder, 'certificate'), certificate, PRIVATE_FILE);
  const partial = path.join(folder, `.${TLS_FILES.key}.partial`);
  createFile(partial, key, PRIVATE_FILE);
  move(partial, pending(folder, 'key'));
  syncDirectory(folder);
}

/** Puts them in place, in the order in which the Docker CLI reads them; those that went already are passed over. */
export function placePending(folder: string, place: string): void {
  for (const kind of KINDS) {
    const from = pending(folder, kind);
    const to = path.join(place, TLS_FILES[kind]);
    if (exists(from)) move(from, to);
  }
  syncDirectory(place);
  syncDirectory(folder);
}

/** Finishes what was interrupted, if all of it is there; else takes it away. The pair in place still fits then. */
export function finishPending(folder: string, place: string): void {
  if (isPending(folder)) placePending(folder, place);
  const left = namesIn(folder).filter((name) => PENDING.test(name));
  for (const name of left) removeUnsynced(path.join(folder, name));
  if (left.length > 0) syncDirectory(folder);
}
