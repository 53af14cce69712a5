import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { onCleanup } from './cleanup.ts';
import { eventually } from './eventually.ts';
import { temporaryFolder } from './temp.ts';

/** A file system of its own that only commands with `prefix` see; it ends with the test file, whatever happens. */
export type SmallDisk = {
  /** Words before a command that is to run where the file system is. */
  readonly prefix: readonly string[];
  /** Where it is for such a command. */
  readonly inside: string;
  /** The same folder for the test. */
  readonly outside: string;
};

/** Mounts an empty file system of that many bytes, and of that many files (0: as many as there is room for). */
export async function smallDisk(size: number, files = 0): Promise<SmallDisk> {
  const inside = temporaryFolder();
  const script = `mount -t tmpfs -o mode=0755,size=${size},nr_inodes=${files} tmpfs "$1" && touch "$1/mounted" && exec sleep infinity`;
  const holder = spawn('setpriv', [
    '--pdeathsig',
    'KILL',
    'unshare',
    '--mount',
    'sh',
    '-c',
    script,
    'sh',
    inside,
  ]);
  onCleanup(() => void holder.kill('SIGKILL'));
  const outside = `/proc/${holder.pid}/root${inside}`;
  await eventually(() => fs.accessSync(path.join(outside, 'mounted')));
  fs.rmSync(path.join(outside, 'mounted'));
  return { prefix: ['nsenter', `--mount=/proc/${holder.pid}/ns/mnt`], inside, outside };
}

/** Makes empty files until there can be no more. */
export function useUpInodes({ outside }: SmallDisk): void {
  const filler = path.join(outside, 'filler');
  fs.mkdirSync(filler);
  for (let left = fs.statfsSync(outside).ffree; left > 0; left -= 1)
    fs.writeFileSync(path.join(filler, String(left)), '');
}

/** Leaves that many bytes on the disk. */
export function leaveRoom({ outside }: SmallDisk, room: number): void {
  const filler = path.join(outside, 'filler');
  fs.rmSync(filler, { force: true });
  const { bavail, bsize } = fs.statfsSync(outside);
  fs.writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - room)));
}
