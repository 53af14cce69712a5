import fs from 'node:fs';
import nodePath from 'node:path';
import {
  applyDaemonConfig,
  parseDaemonConfig,
  planLiveRestore,
  readDaemonConfig,
  readUndo,
  recordDropIn,
  undoDaemonConfig,
} from '@docker-mtls/daemon-config';
import type { AppliedDaemonConfig, DropInPlan, UndoneDaemonConfig } from '@docker-mtls/daemon-config';
import { makeDirectory, PUBLIC_FILE, removeFile, replaceFile } from '@docker-mtls/files';
import type { HostUnit } from './host-unit.ts';
import type { PairChange } from './kept-pair.ts';
import { dropInFor, endsWithEngine } from './plan-host.ts';
import type { HostPlan } from './plan-host.ts';
import { realPathOf } from './real-path.ts';
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
export function planRenewal(
  unit: HostUnit,
  { config, liveRestore, now }: { config: string; liveRestore: boolean; now: Date },
): FileChange<AppliedDaemonConfig> {
  if (unit.scope.isRootless && liveRestore) throw endsWithEngine();
  const document = parseDaemonConfig(readDaemonConfig(config), config);
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

/**
 * Takes the newest change back: daemon.json first, so that the drop-in covers it as long as it is needed. Throws, before
 * anything changes, what `undoDaemonConfig` does.
 */
export function undoChange(
  unit: HostUnit,
  { config, now, force }: { config: string; now: Date; force: boolean },
): FileChange<UndoneDaemonConfig & { readonly dropIn: DropInPlan }> {
  const target = realPathOf(config);
  const { path, before } = dropInFor(unit, '');
  const isAlone = !hasRecords(target) && before !== undefined;
  const { file, dropIn: was } = isAlone ? {} : readUndo(config, { force });
  const undoFile = (): UndoneDaemonConfig =>
    isAlone ? { path: target, outcome: 'already' } : undoDaemonConfig(config, { now, force });
  return {
    unit,
    config: target,
    paths: [target, path],
    liveRestore: false,
    write: async () => {
      // That takes the record away, too: where the drop-in is all that changed, it comes after that.
      const first = file === undefined ? undefined : undoFile();
      const dropIn = dropInBefore(unit, target, was);
      await putDropIn(unit, dropIn);
      return { ...(first ?? undoFile()), dropIn };
    },
  };
}

/** The drop-in as it is to be once a change is taken back; `was` is what the change's record says of it. */
function dropInBefore(unit: HostUnit, target: string, was: string | null | undefined): DropInPlan {
  const planned = dropInFor(unit, readDaemonConfig(target)?.toString('utf8') ?? '');
  if (was !== undefined) return { ...planned, after: was ?? undefined };
  // Before the first change of ours there was no drop-in, clash or no clash.
  return hasRecords(target) ? planned : { ...planned, after: undefined };
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
    removeFile(path);
    removeIfEmpty(folder);
  } else {
    makeDirectory(folder);
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
