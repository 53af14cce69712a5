import { hasCode } from '@docker-mtls/errors';

/** A user and a group of this machine, by their numbers. */
export type Owner = { readonly uid: number; readonly gid: number };

type Rights = Owner & { readonly groups: readonly number[] };

/** What Node has of this outside of Windows; its types leave `initgroups` out. */
type System = {
  geteuid(): number;
  getegid(): number;
  getgroups(): number[];
  seteuid(uid: number): void;
  setegid(gid: number): void;
  setgroups(groups: readonly number[]): void;
  initgroups(uid: number, extraGroup: number): void;
};

const system = process as unknown as System;

/**
 * Does a piece of work with the rights of another user and no more, which only root can: what is made is theirs, and
 * what may be opened, followed or removed is for the kernel to say, whatever they change meanwhile. It holds for the
 * whole process, so the work must not wait for anything. Where root may not become that user, Node's own error
 * (`EPERM`, `EINVAL`, and `syscall`) says so, and nothing is done.
 */
export function actAs<T>(user: Owner, work: () => T): T {
  const own = { uid: system.geteuid(), gid: system.getegid(), groups: system.getgroups() };
  become(user, own);
  try {
    return work();
  } finally {
    comeBack(own);
  }
}

function become(user: Owner, own: Rights): void {
  takeGroups(user);
  try {
    system.setegid(user.gid);
    // The effective one alone: the real one stays root's, so the user can neither stop nor trace us.
    system.seteuid(user.uid);
  } catch (error) {
    comeBack(own);
    throw error;
  }
}

/** Where the system knows the user, all their groups: one of them may be what lets them reach a folder. */
function takeGroups({ uid, gid }: Owner): void {
  try {
    system.initgroups(uid, gid);
  } catch (error) {
    if (!hasCode(error, 'ERR_UNKNOWN_CREDENTIAL')) throw error;
    system.setgroups([gid]);
  }
}

function comeBack({ uid, gid, groups }: Rights): void {
  system.seteuid(uid);
  system.setegid(gid);
  system.setgroups(groups);
}
