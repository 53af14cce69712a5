import path from 'node:path';
import { isPublishedLink, publishGeneration, readFileIfExists, replaceFile } from '@docker-mtls/files';
import { keepPairAside, takeBackUnused } from './keep-aside.ts';
import type { Aside } from './keep-aside.ts';

/** A file to be written at `target`, in a folder that exists. */
export type Copy = { readonly target: string; readonly bytes: Buffer; readonly mode: number };

/**
 * Publishes the files of a pair in their folder as one change, after single files that go elsewhere. What an earlier
 * release or somebody else wrote there is kept aside when it changes.
 */
export function placeCopies(copies: readonly Copy[], now: Date): void {
  const folder = path.dirname(copies.at(-1)?.target ?? '');
  const others = copies.filter(({ target }) => path.dirname(target) !== folder);
  const files = copies.filter(({ target }) => path.dirname(target) === folder).map(toFolderFile);
  const asides: Aside[] = [];
  try {
    for (const { target, mode } of copies.filter(isChangedByHand))
      asides.push(...keepPairAside(target, mode, now));
    for (const { target, bytes, mode } of others.filter(isChanged)) replaceFile(target, bytes, mode);
    publishGeneration(
      folder,
      files.map(({ name }) => name),
      files,
    );
  } catch (error) {
    asides.forEach(takeBackUnused);
    throw error;
  }
}

function toFolderFile({ target, bytes, mode }: Copy): Parameters<typeof publishGeneration>[2][number] {
  return { name: path.basename(target), data: bytes, mode };
}

function isChanged({ target, bytes }: Copy): boolean {
  return readFileIfExists(target)?.equals(bytes) !== true;
}

/** A generation is kept as it is; a plain file would be lost. */
function isChangedByHand(copy: Copy): boolean {
  return isChanged(copy) && !isPublishedLink(path.dirname(copy.target), path.basename(copy.target));
}
