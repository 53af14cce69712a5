import path from 'node:path';
import { replaceFiles } from '@docker-mtls/files';
import { keepAside, takeBackUnused } from './keep-aside.ts';
import type { Aside } from './keep-aside.ts';

/** A file that is to be at `target`, in a folder that is there. */
export type Copy = { readonly target: string; readonly bytes: Buffer; readonly mode: number };

/**
 * Puts copies in place, in order, and keeps aside what they replace. All of a folder's are on the disk before one of
 * them is replaced: a full disk leaves the old pair, and no key beside another's certificate.
 */
export function placeCopies(copies: readonly Copy[], now: Date): void {
  const asides: Aside[] = [];
  try {
    for (const { target, mode } of copies) asides.push(...keepAside(target, mode, now));
    for (const folder of new Set(copies.map(({ target }) => path.dirname(target))))
      replaceFiles(folder, filesIn(folder, copies));
  } catch (error) {
    asides.forEach(takeBackUnused);
    throw error;
  }
}

function filesIn(folder: string, copies: readonly Copy[]): Parameters<typeof replaceFiles>[1] {
  return copies
    .filter(({ target }) => path.dirname(target) === folder)
    .map(({ target, bytes, mode }) => ({ name: path.basename(target), data: bytes, mode }));
}
