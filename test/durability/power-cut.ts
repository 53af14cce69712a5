import path from 'node:path';
import type { Call } from '../support/strace.ts';

/**
 * What a power cut could take from what the calls of a command did in a folder: bytes that get their name before they
 * are on the disk, keys that come to the disk after their certificate is recorded, and what is not there when the
 * command says that it is done. A disk keeps what was synced, and of all else what it likes. SQLite sees to its own
 * files, and what is below `tmp` may go.
 */
export function lostInPowerCut(calls: readonly Call[], folder: string): readonly string[] {
  const disk: Disk = { bytes: new Set(), names: new Set(), lost: [] };
  for (const { name, text } of calls) {
    const paths = pathsOf(text, folder);
    if (paths.length > 0 && !/ = -1 E/u.test(text)) STEPS[name]?.(disk, paths);
  }
  lose(disk, () => true, 'when all is said to be done');
  return [...new Set(disk.lost)].map((each) => each.replaceAll(folder, 'HOME'));
}

/** Files whose bytes, and files and folders whose names are not on the disk yet. */
type Disk = { readonly bytes: Set<string>; readonly names: Set<string>; readonly lost: string[] };
type Step = (disk: Disk, paths: readonly string[]) => void;

const make: Step = ({ names }, [file = '']) => void names.add(file);

const write: Step = (disk, [file = '']) => {
  if (!file.endsWith('registry.db')) disk.bytes.add(file);
  // The certificate itself comes after that.
  else lose(disk, (each) => below(path.dirname(file), each) && !each.endsWith('cert.pem'), 'at the commit');
};

const sync: Step = ({ bytes, names }, [file = '']) => {
  bytes.delete(file);
  for (const each of names) if (path.dirname(each) === file) names.delete(each);
};

const rename: Step = (disk, [from = '', to = '']) => {
  lose(disk, (each) => below(from, each), `when it becomes a part of ${to}`);
  lose({ ...disk, names: new Set() }, (each) => each === from, `when it is called ${to}`);
  disk.names.delete(from);
  disk.names.add(to);
};

const remove: Step = ({ bytes, names }, [file = '']) => {
  bytes.delete(file);
  names.delete(file);
};

const STEPS: Readonly<Record<string, Step>> = {
  openat: make,
  mkdir: make,
  write,
  pwrite64: write,
  writev: write,
  ftruncate: write,
  fsync: sync,
  fdatasync: sync,
  rename,
  link: rename,
  unlink: remove,
  rmdir: remove,
};

function lose({ bytes, names, lost }: Disk, isMeant: (each: string) => boolean, when: string): void {
  lost.push(...[...bytes].filter(isMeant).map((each) => `the bytes of ${each} ${when}`));
  lost.push(...[...names].filter(isMeant).map((each) => `the name of ${each} ${when}`));
}

function below(folder: string, each: string): boolean {
  return each.startsWith(`${folder}/`);
}

/** The paths of a call that are about the folder; of a call that opens, only a file that it makes. */
function pathsOf(text: string, folder: string): readonly string[] {
  if (text.startsWith('openat(') && !text.includes('O_EXCL')) return [];
  const [, open] = /^\w+\(\d+<([^>]*)>/u.exec(text) ?? [];
  const named =
    open === undefined ? [...text.matchAll(/"(\/[^"]*)"/gu)].map(([, each = '']) => each) : [open];
  const counts = (each: string): boolean => !below(`${folder}/tmp`, each) && !/registry\.db-/u.test(each);
  return named.filter((each) => each === folder || (below(folder, each) && counts(each)));
}
