import fs from 'node:fs';
import nodePath from 'node:path';

/** Where Linux shows its processes: proc(5). */
export const PROC = '/proc';

/** The numbers of all processes that can be seen; none where this is not Linux. */
export function processIds(proc: string): readonly string[] {
  try {
    return fs.readdirSync(proc).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Processes come and go, and those of other users may not be looked at. */
export function readProcess(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Where a link of a process leads: its program, folder or name space. */
export function linkOfProcess(file: string): string | undefined {
  try {
    return fs.readlinkSync(file);
  } catch {
    return undefined;
  }
}

/** What a process has open: paths, and names such as `socket:[1]`; `undefined` where that may not be seen. */
export function openFiles(folder: string): readonly string[] | undefined {
  const files = nodePath.join(folder, 'fd');
  try {
    return fs.readdirSync(files).flatMap((name) => linkOfProcess(nodePath.join(files, name)) ?? []);
  } catch {
    return undefined;
  }
}

/**
 * Whose process it is; `undefined` where that is more than one user: what a user starts with more rights than their own has
 * the words that they choose. The folder's owner is root's for any process that forbids to be looked at.
 */
export function ownerOfProcess(folder: string): number | undefined {
  const [, uids] = /^Uid:\t(.+)$/m.exec(readProcess(nodePath.join(folder, 'status')) ?? '') ?? [];
  const [owner, ...others] = new Set(uids?.split('\t').map(Number));
  return others.length === 0 ? owner : undefined;
}

/** The environment that a process was started with; empty where it cannot be read. */
export function environmentOfProcess(folder: string): Readonly<Record<string, string>> {
  const entries = (readProcess(nodePath.join(folder, 'environ')) ?? '').split('\0').map((entry) => {
    const at = entry.indexOf('=');
    return [entry.slice(0, at), entry.slice(at + 1)] as const;
  });
  return Object.fromEntries(entries);
}
