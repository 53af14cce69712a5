import { changedSince, refuseChangedSince } from './changed-since.ts';
import type { HostService } from './host-unit.ts';
import { journalPath, readJournal, removeJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { dropKept, pairFolder, putPairBack } from './kept-pair.ts';
import type { Reinstate } from './kept-pair.ts';
import { keepingContainers, switchLiveRestore } from './keep-containers.ts';
import { dropInPath, keepAside } from '@docker-mtls/daemon-config';
import { restartEngine } from './restart.ts';
import { realPathOf } from './real-path.ts';
import { invocationOf } from './systemd.ts';
import { removeAddedFolders, restoreSnapshot, sweepPartialsOf } from './snapshot.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Puts back what a journal holds, and proves that the engine is at work with it if it was before. The journal goes
 * last: until then, another try starts from the beginning. Throws what prevents it.
 */
export async function rollBack(unit: HostService, journal: Journal, reinstate: Reinstate): Promise<void> {
  const { snapshot, pair } = journal;
  const isTouched = await wasTouched(unit, journal);
  // systemd starts an engine that fails again and again: one that it starts right now is not to end the containers.
  const first = isTouched && journal.wasActive && journal.keep ? keepingContainers(unit, snapshot) : snapshot;
  if (pair !== null) await putPairBack(first, pair, reinstate);
  restoreSnapshot(first);
  await unit.systemd.daemonReload();
  if (isTouched) await backToWork(unit, journal);
  if (first !== snapshot || (!isTouched && journal.forget)) await forgetLiveRestore(unit, snapshot);
  const others = [pairFolder(snapshot.config), ...(pair?.files ?? []).map(({ path }) => path)];
  sweepPartialsOf([journal.path, ...snapshot.images.map(({ path }) => path), ...others]);
  removeJournal(journal);
  dropKept(snapshot.config);
  removeAddedFolders(snapshot);
}

/** Has the engine been started since, by us or after a power cut? */
async function wasTouched({ systemd, name }: HostService, journal: Journal): Promise<boolean> {
  return journal.phase === 'restarting' || invocationOf(await systemd.show(name)) !== journal.invocation;
}

/** The engine keeps its containers, and is told again what it did before. */
async function forgetLiveRestore(unit: HostService, snapshot: Snapshot): Promise<void> {
  await switchLiveRestore(unit, snapshot.config, false);
  restoreSnapshot(snapshot);
}

async function backToWork(unit: HostService, journal: Journal): Promise<void> {
  const { wasActive, snapshot, keep } = journal;
  if (wasActive) return restartEngine(unit, snapshot.config, { keep });
  await unit.systemd.stop(unit.name);
  return unit.systemd.resetFailed([unit.name]);
}

/** A change that was interrupted and is taken back now. */
export type Recovered = {
  /** Says so, for a person. */
  readonly message: string;
  /** Was the change itself an undo? */
  readonly wasUndo: boolean;
};

export type RecoveryTools = {
  readonly note: (line: string) => void;
  readonly reinstate: Reinstate;
  /** Put back what was there before even if somebody has edited the files since; what they wrote is kept. */
  readonly force?: { readonly now: Date };
};

/** Takes back a change that a kill or a power cut interrupted; `undefined`: there was none. */
export async function recover(
  unit: HostService,
  config: string,
  { note, reinstate, force }: RecoveryTools,
): Promise<Recovered | undefined> {
  const target = realPathOf(config);
  const journal = readJournal(target, dropInPath(unit.folder));
  if (journal === undefined) {
    // A change may have been killed before it had begun, or when it was done and had not cleared away.
    sweepPartialsOf([journalPath(target)]);
    dropKept(target);
    return undefined;
  }
  const dropIn = dropInPath(unit.folder);
  if (force === undefined) refuseChangedSince(journal, dropIn);
  const edited = force === undefined ? [] : changedSince(journal, dropIn);
  note(`an earlier change of ${config} was interrupted: taking it back first…`);
  await rollBack(unit, journal, reinstate);
  for (const { file, bytes } of edited)
    if (file === target) keepAside(target, bytes, force?.now ?? new Date(0));
  return { message: `took back a change of ${config} that was interrupted`, wasUndo: journal.isUndo };
}
