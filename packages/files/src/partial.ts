import fs from 'node:fs';
import { randomBytes } from 'node:crypto';
import nodePath from 'node:path';
import { explained } from './file-error.ts';
import { exists } from './look.ts';
import { withDirectory } from './open-directory.ts';
import type { OpenDirectory } from './open-directory.ts';
import { removeEntry } from './remove-entry.ts';
import { othersMayWrite } from './trust.ts';
import { hasEnded, ownWriter } from './writer.ts';

/** Of the 255 that a name may have, 90 are enough for the rest of it. */
const LONGEST_STEM = 160;

/** A new name for what is to be called `name`, while it is in the making: it cannot be known before. */
export function partialName(name: string): string {
  const stem = Buffer.byteLength(name) > LONGEST_STEM ? '' : `.${name}`;
  return `${stem}.${randomBytes(16).toString('hex')}.${ownWriter()}.partial`;
}

const PARTIAL = /\.[0-9a-f]{32}\.([0-9a-fx]+-\d+-\d+)\.partial$/s;

/** Is this the name of what docker-mtls is making, or has left unfinished? */
export function isPartialName(name: string): boolean {
  return PARTIAL.test(name);
}

/** As `sweepPartials`, where nothing is written that would do so. A folder that is missing is no fault. */
export function sweepFolder(path: string): void {
  if (exists(path)) explained('use the folder', path, () => withDirectory(path, sweepPartials));
}

/**
 * Removes what killed processes have left unfinished, perhaps with a key in it. Where others can put something in its
 * place, or where it is not ours, nothing is removed.
 */
export function sweepPartials(directory: OpenDirectory): void {
  const { uid, ...stats } = directory.stats();
  const user = process.geteuid?.();
  if (user !== undefined && (uid !== user || othersMayWrite({ uid, ...stats }))) return;
  for (const name of explained('read', directory.path, directory.names)) {
    const [, writer] = PARTIAL.exec(name) ?? [];
    if (writer === undefined) continue;
    explained('remove', nodePath.join(directory.path, name), () => {
      const left = fs.lstatSync(directory.at(name), { throwIfNoEntry: false });
      if (left?.uid === uid && hasEnded(writer, left.mtimeMs)) removeEntry(directory, name);
    });
  }
}
