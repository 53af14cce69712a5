import fs from 'node:fs';

const GROUP_WRITE = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

/** Of a file or a directory, as `fs.Stats` has it. */
export type Ownership = { readonly uid: number; readonly gid: number; readonly mode: number };

export type IsTrusted = (uid: number) => boolean;

/** Root and the user at work: nobody else decides where a file goes or what it says. */
export function isTrusted(uid: number): boolean {
  return uid === 0 || uid === process.geteuid?.();
}

/**
 * Can users who are not trusted write to it? A group does not count whose only members are trusted: where the umask is
 * 002, each user has such a group.
 */
export function othersMayWrite({ mode, gid }: Ownership, isTrustedUser: IsTrusted = isTrusted): boolean {
  if ((mode & OTHERS_WRITE) !== 0) return true;
  return (mode & GROUP_WRITE) !== 0 && !isTrustedGroup(gid, isTrustedUser);
}

/**
 * Can only trusted users exchange the entries of a directory? In a sticky one, such as the folder for temporary files,
 * an entry can be exchanged by its own owner and the directory's only.
 */
export function keepsEntries(
  directory: Ownership,
  entry: Pick<Ownership, 'uid'>,
  isTrustedUser: IsTrusted = isTrusted,
): boolean {
  if (!isTrustedUser(directory.uid) || !isTrustedUser(entry.uid)) return false;
  return isSticky(directory) || !othersMayWrite(directory, isTrustedUser);
}

/** Is it meant for everybody, as the folder for temporary files is? */
export function isSticky({ mode }: Pick<Ownership, 'mode'>): boolean {
  return (mode & STICKY) !== 0;
}

/** A group without a name can have members that no file lists. */
function isTrustedGroup(gid: number, isTrustedUser: IsTrusted): boolean {
  const group = rows('/etc/group').find(([, , id]) => Number(id) === gid);
  if (group === undefined) return false;
  const users = rows('/etc/passwd');
  const listed = (group[3] ?? '').split(',').filter((name) => name !== '');
  const uidOf = (name: string): number => Number(users.find(([user]) => user === name)?.[2] ?? Number.NaN);
  const primary = users.filter(([, , , id]) => Number(id) === gid).map(([, , id]) => Number(id));
  return [...listed.map(uidOf), ...primary].every(isTrustedUser);
}

function rows(file: string): readonly (readonly string[])[] {
  try {
    const lines = fs.readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => line.split(':'));
  } catch {
    // Then no group is known, and none is trusted.
    return [];
  }
}
