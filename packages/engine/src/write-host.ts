import nodePath from 'node:path';
import {
  applyDaemonConfig,
  parseDaemonConfig,
  planLiveRestore,
  readDaemonConfig,
  recordDropIn,
} from '@docker-mtls/daemon-config';
import type { AppliedDaemonConfig, DropInPlan } from '@docker-mtls/daemon-config';
import { makeDirectory, PUBLIC_FILE, removeFile, removeFolderIfEmpty, replaceFile } from '@docker-mtls/files';
import type { HostService, HostUnit } from './host-unit.ts';
import type { PairChange } from './kept-pair.ts';
import { dropInFor, endsWithEngine } from './plan-host.ts';
import { refusePublishedTwice } from './published-twice.ts';
import type { HostPlan } from './plan-host.ts';
import { realPathOf } from './real-path.ts';
import { removeAddedFolders, restoreSnapshot, takeSnapshot } from './snapshot.ts';
import type { Snapshot } from './snapshot.ts';

/** A change of files, and which they are, in the order in which it writes them. */
export type FileChange<T> = {
  readonly unit: HostService;
  /** daemon.json itself, where the path is a link to it. */
  readonly config: string;
  readonly paths: readonly string[];
  /** Is the running engine to keep its containers first? */
  readonly liveRestore: boolean;
  readonly write: () => Promise<T>;
  /** What it leaves in daemon.json and the drop-in; `undefined`: no file. */
  readonly after: readonly (string | undefined)[];
  /** Does it take an earlier change back? */
  readonly isUndo: boolean;
  /** The pair that the engine gets first. */
  readonly pair?: PairChange;
};

/**
 * Puts a plan in place: the drop-in first, then daemon.json. The drop-in alone does no harm, for it takes flags away
 * and the engine has its usual socket without them; daemon.json alone would clash with the flags, and the engine
 * would not start after a power cut. systemd reads the drop-in before daemon.json changes, for it may start the
 * engine at any moment.
 */
export function planChange(
  unit: HostUnit,
  { config: plan, dropIn, liveRestore }: Omit<HostPlan, 'listens'>,
  { config, now }: { config: string; now: Date },
): FileChange<AppliedDaemonConfig> {
  const target = realPathOf(config);
  const isNeeded = dropIn.after !== undefined;
  const was = dropIn.before === dropIn.after ? {} : { dropIn: dropIn.before ?? null };
  return {
    unit,
    config: target,
    paths: isNeeded ? [dropIn.path, target] : [target, dropIn.path],
    liveRestore,
    after: [plan.after, dropIn.after],
    isUndo: false,
    write: async () => {
      if (was.dropIn !== undefined && plan.changes.length === 0)
        recordDropIn(config, { now, dropIn: was.dropIn });
      if (isNeeded) await putDropIn(unit, dropIn);
      const applied = applyDaemonConfig(config, plan, { now, ...was });
      if (!isNeeded) await putDropIn(unit, dropIn);
      return applied;
    },
  };
}

/**
 * The change that a new pair comes with: none, or that containers run on, as long as no flag says so already. Throws
 * `HOST_LIVE_RESTORE` where they cannot.
 */
export function planEngineRenewal(
  unit: HostUnit,
  { config, liveRestore, now }: { config: string; liveRestore: boolean; now: Date },
): FileChange<AppliedDaemonConfig> {
  if (unit.scope.isRootless && liveRestore) throw endsWithEngine();
  const document = parseDaemonConfig(readDaemonConfig(config), config);
  refusePublishedTwice(unit, document);
  const isFlag = unit.command.flags.some(({ name }) => name === 'live-restore');
  const keeps = liveRestore && !isFlag;
  const same = {
    exists: document.exists,
    before: document.text,
    after: document.text,
    changes: [],
    warnings: [],
  };
  const plan = keeps ? planLiveRestore(document) : same;
  const dropIn = dropInFor(unit, plan.after);
  return planChange(
    unit,
    { config: plan, dropIn: { ...dropIn, after: dropIn.before }, liveRestore: keeps },
    { config, now },
  );
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

async function takeBack({ systemd }: HostService, snapshot: Snapshot): Promise<void> {
  restoreSnapshot(snapshot);
  removeAddedFolders(snapshot);
  await systemd.daemonReload();
}

/** Puts a drop-in in place, or takes it away, and has systemd read that. */
export async function putDropIn(
  { systemd }: HostService,
  { path, before, after }: Pick<DropInPlan, 'path' | 'before' | 'after'>,
): Promise<void> {
  if (before === after) return;
  writeDropIn(path, after);
  await systemd.daemonReload();
}

export function writeDropIn(path: string, text: string | undefined): void {
  const folder = nodePath.dirname(path);
  if (text === undefined) {
    removeFile(path);
    removeFolderIfEmpty(folder);
  } else {
    makeDirectory(folder);
    replaceFile(path, text, PUBLIC_FILE);
  }
}
