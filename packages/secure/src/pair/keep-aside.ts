import { asideName, copyFile, readFile, readFileIfExists, removeUnsynced } from '@docker-mtls/files';

/** A file, and the copy of it that was kept. */
export type Aside = { readonly target: string; readonly copy: string };

/** The old file, if there is one, under a name of its own: its key may be the only one of its kind. */
export function keepPairAside(target: string, permissions: number, now: Date): readonly Aside[] {
  const copy = asideName(target, now);
  return copyFile(target, copy, permissions) ? [{ target, copy }] : [];
}

/** What was not replaced after all needs no copy. */
export function takeBackUnused({ target, copy }: Aside): void {
  if (readFileIfExists(target)?.equals(readFile(copy)) === true) removeUnsynced(copy);
}
