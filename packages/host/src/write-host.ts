import fs from 'node:fs';
import nodePath from 'node:path';
import { applyDaemonConfig, readDaemonConfig, undoDaemonConfig } from '@docker-mtls/daemon-config';
import type { AppliedDaemonConfig, DropInPlan, UndoneDaemonConfig } from '@docker-mtls/daemon-config';
import { PUBLIC_FILE, explained, replaceFile, syncDirectory } from '@docker-mtls/files';
import type { HostUnit } from './host-unit.ts';
import { dropInFor } from './plan-host.ts';
import type { HostPlan } from './plan-host.ts';
import { removeAddedFolders, restoreSnapshot, takeSnapshot } from './snapshot.ts';
import type { Snapshot } from './snapshot.ts';

/** A change of files, and which they are, in the order in which it writes them. */
export type FileChange<T> = {
  readonly unit: HostUnit;
  /** daemon.json itself, where the path is a link to it. */
  readonly config: string;
  readonly paths: readonly string[];
  /** Is the running engine to keep its containers first? */
  readonly liveRestore: boolean;
  readonly write: () => Promise<T>;
};

/**
 * Puts a plan in place: the drop-in first, then daemon.json. The drop-in alone does no harm, for it takes flags away
 * and the engine has its usual socket without them; daemon.json alone would clash with the flags, and the engine
 * would not start after a power cut. systemd reads the drop-in before daemon.json changes, for it may start the
 * engine at any moment.
 */
export function planChange(
  unit: HostUnit,
  { config: plan, dropIn, liveRestore }: HostPlan,
  { config, now }: { config: string; now: Date },
): FileChange<AppliedDaemonConfig> {
  const target = realPathOf(config);
  const isNeeded = dropIn.after !== undefined;
  return {
    unit,
    config: target,
    paths: isNeeded ? [dropIn.path, target] : [target, dropIn.path],
    liveRestore,
    write: async () => {
      if (isNeeded) await putDropIn(unit, dropIn);
      const applied = applyDaemonConfig(config, plan, { now });
      if (!isNeeded) await putDropIn(unit, dropIn);
      return applied;
    },
  };
}

/** Takes the newest change back: daemon.json first, so that the drop-in covers it as long as it is needed. */
export function undoChange(
  unit: HostUnit,
  { config, now, force }: { config: string; now: Date; force: boolean },
): FileChange<UndoneDaemonConfig & { readonly dropIn: DropInPlan }> {
  const target = realPathOf(config);
  const { path } = dropInFor(unit, '');
  return {
    unit,
    config: target,
    paths: [target, path],
    liveRestore: false,
    write: async () => {
      const isAlone = !hasRecords(target) && dropInFor(unit, '').before !== undefined;
      const undone = isAlone
        ? ({ path: target, outcome: 'already' } as const)
        : undoDaemonConfig(config, { now, force });
      const planned = dropInFor(unit, readDaemonConfig(target)?.toString('utf8') ?? '');
      // Before the first change of ours there was no drop-in, clash or no clash.
      const dropIn = hasRecords(target) ? planned : { ...planned, after: undefined };
      await putDropIn(unit, dropIn);
      return { ...undone, dropIn };
    },
  };
}

/** Makes a change of files and no more; when it fails, all is as before. */
export async function changeFiles<T>({ unit, config, paths, write }: FileChange<T>): Promise<T> {
  const snapshot = takeSnapshot(config, paths);
  try {
    return await write();
  } catch (error) {
    await takeBack(unit, snapshot);
    throw error;
  }
}

async function takeBack({ systemd }: HostUnit, snapshot: Snapshot): Promise<void> {
  restoreSnapshot(snapshot);
  removeAddedFolders(snapshot);
  await systemd.daemonReload();
}

async function putDropIn({ systemd }: HostUnit, { path, before, after }: DropInPlan): Promise<void> {
  if (before === after) return;
  const folder = nodePath.dirname(path);
  if (after === undefined) {
    explained('remove', path, () => fs.rmSync(path, { force: true }));
    syncDirectory(folder);
    removeIfEmpty(folder);
  } else {
    explained('make the folder', folder, () => fs.mkdirSync(folder, { recursive: true }));
    syncDirectory(nodePath.dirname(folder));
    replaceFile(path, after, PUBLIC_FILE);
  }
  await systemd.daemonReload();
}

function removeIfEmpty(folder: string): void {
  if (fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
}

function hasRecords(target: string): boolean {
  return takeSnapshot(target, []).beside.some((name) => name.endsWith('.undo.json'));
}

/** The file that a path stands for, be it there or not. */
function realPathOf(path: string): string {
  return fs.existsSync(path) ? fs.realpathSync(path) : nodePath.resolve(path);
}
