import fs from 'node:fs';
import { hasCode } from '@docker-mtls/errors';
import type { Ownership } from './trust.ts';

/** A user and a group, by number. */
export type FileOwner = { readonly uid: number; readonly gid: number };

/**
 * Whose what is made in a directory is to be: where root works in another user's, it is theirs, as it would be had they
 * made it. `undefined`: the user at work.
 */
export function ownerInside({ uid, gid }: Ownership): FileOwner | undefined {
  return process.geteuid?.() === 0 && uid !== 0 ? { uid, gid } : undefined;
}

/** Gives away what this process has made and holds open. It stays root's where root may not give it away. */
export function give(descriptor: number, owner: FileOwner | undefined): void {
  if (owner === undefined) return;
  try {
    fs.fchownSync(descriptor, owner.uid, owner.gid);
  } catch (error) {
    // Without CAP_CHOWN, on a share that does not know root, or in a name space that does not know the owner.
    if (!hasCode(error, 'EPERM') && !hasCode(error, 'EINVAL')) throw error;
  }
}

/** Of the user at work, in any directory: for what is trusted later because of its owner. */
export function ownAccess(mode: number): number | (FileOwner & { readonly mode: number }) {
  const [uid, gid] = [process.geteuid?.(), process.getegid?.()];
  return uid === undefined || gid === undefined ? mode : { mode, uid, gid };
}
