import fs from 'node:fs';
import { hasCode } from '@docker-mtls/errors';
import { give, ownerInside } from './owner.ts';
import type { Ownership } from './trust.ts';
import { ownDescriptors } from './walk.ts';

type NewDirectory = {
  /** Leads to where it is to be. */
  readonly entry: string;
  /** Of the directory that it is to be in. */
  readonly inside: Ownership;
  readonly mode: number;
  /** Has it that mode whatever the umask? */
  readonly isExact?: boolean;
};

/** Makes a directory, owned as `ownerInside` says. Returns whether it was missing. */
export function makeEntry({ entry, inside, mode, isExact = false }: NewDirectory): boolean {
  try {
    fs.mkdirSync(entry, { mode });
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
  const owner = ownerInside(inside);
  if (ownDescriptors() === undefined) return true;
  if (isExact) withNew(entry, (directory) => fs.fchmodSync(directory, mode));
  if (owner !== undefined) withNew(entry, (directory) => give(directory, owner));
  return true;
}

/** Another user who may rename the directory could have put a different one in its place: it must look new. */
function withNew(entry: string, work: (directory: number) => void): void {
  const { O_DIRECTORY, O_NOFOLLOW } = fs.constants;
  const directory = fs.openSync(entry, O_DIRECTORY | O_NOFOLLOW);
  try {
    const isOurs = fs.fstatSync(directory).uid === process.geteuid?.();
    if (isOurs && fs.readdirSync(`${ownDescriptors()}/${directory}`).length === 0) work(directory);
  } finally {
    fs.closeSync(directory);
  }
}
