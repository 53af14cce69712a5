import fs from 'node:fs';
import nodePath from 'node:path';
import { defaultConfigPath } from '@docker-mtls/daemon-config';
import { unlessRefused } from '@docker-mtls/errors';
import { statIfExists } from '@docker-mtls/files';
import { engineHolders } from './engine-holders.ts';
import { environmentOfProcess, ownerOfProcess, PROC, processIds, readProcess } from './processes.ts';
import { realPathOf } from './real-path.ts';

/** proc(5): the start of a process counts in these. It is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * When the engines of this machine that read a daemon.json have started, in milliseconds since 1970. Those in other
 * name spaces count where they see the same file, as that of a snap does and that of a container does not, and those of the
 * file's owner; any other user could call something dockerd.
 */
export function engineStarts(config: string): readonly number[] {
  const target = realPathOf(config);
  const holders = engineHolders();
  const owners = new Set([0, process.geteuid?.(), ownerOf(target)]);
  return processIds(PROC).flatMap((pid) => {
    const folder = `${PROC}/${pid}`;
    const configFile = configOf(folder, holders.has(pid));
    if (configFile === undefined || !isFile(configFile, { folder, target })) return [];
    if (!owners.has(ownerOfProcess(folder) ?? NOBODY)) return [];
    const start = startOf(folder);
    return start === undefined ? [] : [start];
  });
}

const NOBODY = -1;

/** Of a file that is there and can be looked at. */
function ownerOf(file: string): number | undefined {
  return unlessRefused(() => statIfExists(file)?.uid);
}

type Compared = { readonly folder: string; readonly target: string };

/** Is a path, as the process of a folder below /proc sees it, that file? */
function isFile(path: string, { folder, target }: Compared): boolean {
  const theirs = placeOf(nodePath.join(folder, 'root'), path);
  const ours = placeOf('/', target);
  if (theirs !== undefined && ours !== undefined) return theirs === ours;
  // Another user's engine may read a file that cannot be looked at from here.
  return (unlessRefused(() => realPathOf(path)) ?? nodePath.resolve(path)) === target;
}

/**
 * A file as its file system knows it, or the nearest folder above that exists and the path from there; `undefined` where it
 * cannot be looked at.
 */
function placeOf(root: string, path: string): string | undefined {
  const whole = nodePath.resolve('/', path);
  for (let above = whole; ; above = nodePath.dirname(above)) {
    try {
      const stats = fs.statSync(nodePath.join(root, above), { throwIfNoEntry: false, bigint: true });
      if (stats !== undefined) return `${stats.dev} ${stats.ino} ${nodePath.relative(above, whole)}`;
    } catch {
      return undefined;
    }
    if (above === '/') return undefined;
  }
}

/** The daemon.json that a process reads if it is an engine. */
function configOf(folder: string, isHolder: boolean): string | undefined {
  if (!isHolder && readProcess(`${folder}/comm`)?.trim() !== 'dockerd') return undefined;
  const words = readProcess(`${folder}/cmdline`)?.split('\0') ?? [];
  const at = words.findIndex((word) => /^--?config-file(?:=|$)/.test(word));
  if (at === -1) return usualConfig(folder);
  return words[at]?.split('=').slice(1).join('=') || words[at + 1];
}

/** A rootless engine of any user does not read the daemon.json of the system. */
function usualConfig(folder: string): string | undefined {
  const owner = ownerOfProcess(folder);
  if (owner === undefined) return undefined;
  return defaultConfigPath('linux', environmentOfProcess(folder), { rootless: owner !== 0 });
}

/** The clock may be set while a process runs, so its age is counted from now. */
function startOf(folder: string): number | undefined {
  // The name of the program is in brackets, and may hold blanks and brackets.
  const fields = readProcess(`${folder}/stat`)?.replace(/^.*\)/s, '').trim().split(' ');
  const ticks = Number(fields?.[19]);
  const uptime = Number(readProcess(`${PROC}/uptime`)?.split(' ')[0]);
  const age = uptime - ticks / TICKS_PER_SECOND;
  // oxlint-disable-next-line eslint/no-restricted-properties -- it is compared with times of files, which are the system's too
  return Number.isFinite(age) ? Date.now() - age * 1000 : undefined;
}
