import fs from 'node:fs';
import path from 'node:path';
import type { Certificate } from '@docker-mtls/ca';
import {
  createUnsynced,
  lstatIfExists,
  makePrivateDirectory,
  move,
  PRIVATE_FILE,
  readFileIfExists,
  removeFile,
} from '@docker-mtls/files';
import { nextRevocations, NO_LISTS, parseRevocations } from '../identity/revocations.ts';
import type { Revocations } from '../identity/revocations.ts';
import { formatLocks, parseLocks } from '../identity/locks.ts';
import type { Lock } from '../identity/locks.ts';

/**
 * What was in force last, kept by the plugin itself: a list or a lock that was in force stays so after a restart, though its file
 * was deleted or replaced by an older one.
 */
export type KeptState = {
  readonly lists: (roots: readonly Certificate[]) => Promise<Revocations>;
  readonly locks: () => readonly Lock[] | undefined;
  readonly keepLists: (lists: Revocations) => void;
  readonly keepLocks: (locks: readonly Lock[]) => void;
};

export const LARGEST_LIST_IN_FORCE: number = 32 * 1024 * 1024;

/** Without a folder nothing is kept. */
export const NOTHING_KEPT: KeptState = {
  lists: async () => NO_LISTS,
  locks: () => undefined,
  keepLists: () => undefined,
  keepLocks: () => undefined,
};

const LOCKS = 'locks.json';
const LIST = /^[0-9a-f]{64}\.crl$/;

export function keptState(folder: string): KeptState {
  makePrivateDirectory(folder);
  return {
    lists: (roots) => readLists(folder, roots),
    locks: () => readLocks(path.join(folder, LOCKS)),
    keepLists: (lists) => {
      for (const [key, { der }] of lists) replace(path.join(folder, `${key}.crl`), der);
    },
    keepLocks: (locks) => replace(path.join(folder, LOCKS), formatLocks(locks)),
  };
}

async function readLists(folder: string, roots: readonly Certificate[]): Promise<Revocations> {
  let lists = NO_LISTS;
  for (const name of fs.readdirSync(folder).filter((each) => LIST.test(each))) {
    const bytes = readFileIfExists(path.join(folder, name), LARGEST_LIST_IN_FORCE);
    try {
      if (bytes !== undefined) lists = nextRevocations(lists, await parseRevocations(bytes, roots));
    } catch {
      // Of a CA that is no longer one of this engine, or cut off by a full disk: it says nothing.
    }
  }
  return lists;
}

function readLocks(file: string): readonly Lock[] | undefined {
  const bytes = readFileIfExists(file);
  try {
    return bytes === undefined ? undefined : parseLocks(bytes.toString('utf8'));
  } catch {
    // Cut off by a full disk.
    return undefined;
  }
}

/** Written next to its place and renamed. Waiting for the disk would hold up every request. */
function replace(file: string, content: string | Buffer): void {
  const partial = `${file}.new`;
  // Of a plugin that was killed.
  if (lstatIfExists(partial) !== undefined) removeFile(partial);
  createUnsynced(partial, content, PRIVATE_FILE);
  move(partial, file);
}
