import path from 'node:path';
import { folderOf } from '@docker-mtls/authority';
import { publishedWarning } from '@docker-mtls/engine/published-keys';
import type { Caller } from '@docker-mtls/errors';
import {
  checkFolder,
  isPublishedLink,
  lstatIfExists,
  makePrivateDirectory,
  PRIVATE_FILE,
  PUBLIC_FILE,
  readFileIfExists,
  requireSafeFolders,
} from '@docker-mtls/files';
import { LEAF_FILES, refuseCaPlace } from '@docker-mtls/ca-directory';
import type { Entry, PublishedPair } from '@docker-mtls/ca-directory';
import type { LeafKind } from '@docker-mtls/registry';
import { SecureError } from '../error.ts';
import { DIND_CA_KEY, layoutFiles } from './out-layout.ts';
import type { OutFiles, OutLayout } from './out-layout.ts';
import { placeCopies } from './place-copies.ts';
import type { Copy } from './place-copies.ts';

/** What a pair's files hold, and where they go in the folder. */
export type PairToCopy = Pick<PublishedPair, 'read'> & { readonly to: OutFiles };

/** What a pair will be, when its files are to be copied. */
export type OutPair = {
  readonly kind: LeafKind;
  readonly layout?: OutLayout;
  /** Is its key made here, and so copied too? */
  readonly withKey: boolean;
  /** The CA directory, or where it will be. */
  readonly caDirectory: string;
  readonly force: boolean;
};

/** The files that `copyPair` writes to a folder. */
export function copiedFiles(folder: string, kind: LeafKind): readonly string[] {
  const { ca, certificate, key } = LEAF_FILES[kind];
  return [ca, certificate, key].map((name) => path.join(folder, name));
}

/** Throws, before anything is issued, what copying would throw afterwards: `OUT_EXISTS`, `FILE_…`. */
export function checkCopy(
  folder: string,
  { kind, layout = 'flat', withKey, caDirectory, force }: OutPair,
): void {
  // Who can change an engine's ca.pem decides who is served. A client's folder may be that of the user whom it is for.
  if (kind === 'server') requireSafeFolders(folder, "an engine's certificates");
  else requireSafeFolders(folder, 'a private key', { trustsOwner: true });
  if (!checkFolder(folder)) return;
  refuseCaPlace(folder);
  if (layout === 'dind') refuseOtherCa(path.join(folder, DIND_CA_KEY));
  const { ca, certificate, key } = layoutFiles(kind, layout);
  const roots = readFileIfExists(path.join(caDirectory, 'ca.pem'));
  for (const name of [...ca, certificate, ...(withKey ? [key] : [])]) {
    const target = path.join(folder, name);
    const old = readFileIfExists(target);
    const isSame = ca.includes(name) && roots !== undefined && old?.equals(roots) === true;
    if (!force && !isSame) refuseExisting(target);
  }
}

type CopyOptions = {
  readonly force: boolean;
  readonly now: Date;
  /** Hears of a certificate that is replaced, and whose key is public. */
  readonly note?: Caller['note'];
};

/**
 * Brings a folder's copy of a pair up to date, as one change. Files with other contents are only replaced with `force`
 * (`OUT_EXISTS`). The pair that was copied before stays until the next one is.
 */
export function copyPair(folder: string, pair: PairToCopy, { force, now, note }: CopyOptions): void {
  makePrivateDirectory(folder);
  const copies = copiesOf(folder, pair);
  const changed = changedCopies(copies);
  if (!force) for (const { target } of changed) refuseExisting(target);
  for (const { target } of changed) {
    makePrivateDirectory(path.dirname(target));
    for (const warning of publishedWarning(target)) note?.({ kind: 'warning', message: warning });
  }
  if (changed.length > 0) placeCopies(copies, now);
}

/** Would `copyPair` write anything? */
export function isCopied(folder: string, pair: PairToCopy): boolean {
  return changedCopies(copiesOf(folder, pair)).length === 0;
}

function copiesOf(folder: string, { read, to }: PairToCopy): readonly Copy[] {
  const at = (name: string): string => path.join(folder, name);
  const { ca, certificate, key } = read();
  return [
    ...(key === undefined ? [] : [{ target: at(to.key), bytes: key, mode: PRIVATE_FILE }]),
    ...to.ca.map((name) => ({ target: at(name), bytes: ca, mode: PUBLIC_FILE })),
    { target: at(to.certificate), bytes: certificate, mode: PUBLIC_FILE },
    ...(key === undefined ? keptKey(at(to.key)) : []),
  ];
}

/** Where a request was signed, a key that an earlier pair has brought here stays. */
function keptKey(target: string): readonly Copy[] {
  if (!isPublishedLink(path.dirname(target), path.basename(target))) return [];
  const bytes = readFileIfExists(target);
  return bytes === undefined ? [] : [{ target, bytes, mode: PRIVATE_FILE }];
}

function changedCopies(copies: readonly Copy[]): readonly Copy[] {
  return copies.filter(({ bytes, target }) => !readFileIfExists(target)?.equals(bytes));
}

/** An issued pair in the CA directory; no key where a request was signed. `PAIR_MISSING`. */
export function pairOf(entry: Entry): PairToCopy {
  folderOf(entry);
  const to = layoutFiles(entry.kind === 'server' ? 'server' : 'client', 'flat');
  return { to, read: () => entry.read() };
}

function refuseOtherCa(key: string): void {
  if (readFileIfExists(key) === undefined) return;
  throw new SecureError('OUT_EXISTS', `${key} is there: Docker-in-Docker would sign for a pair of its own`, {
    hint: 'use another --out folder; the key of a CA has no place beside an engine',
  });
}

function refuseExisting(target: string): void {
  if (lstatIfExists(target) === undefined) return;
  throw new SecureError('OUT_EXISTS', `${target} exists already, and holds something else`, {
    hint: 'use --force to replace it, or another --out folder',
  });
}
