import { isMtlsError } from '@docker-mtls/errors';
import { fingerprintsOf } from './changed-since.ts';
import { doorsText } from './engine-api.ts';
import type { Doors } from './engine-api.ts';
import { engineDoors } from './engine-door.ts';
import { readEngineState, runningContainers } from './engine-state.ts';
import type { Container, EngineState } from './engine-state.ts';
import { HostError } from './host-error.ts';
import type { HostService } from './host-unit.ts';
import { forgetJournal, journalPath, removeJournal, writeJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { describePair, dropKept, pathsOf, switchPair } from './kept-pair.ts';
import type { Reinstate } from './kept-pair.ts';
import { switchLiveRestore } from './keep-containers.ts';
import { restartEngine } from './restart.ts';
import { rollBack } from './roll-back.ts';
import { removeAddedFolders, restoreSnapshot, takeSnapshot } from './snapshot.ts';
import { refuseAutolock, refuseLostQuorum } from './swarm.ts';
import type { FileChange } from './write-host.ts';

/** Does the engine do what it was changed for? `why` goes into a sentence. */
export type EngineVerdict = {
  readonly ok: boolean;
  readonly why: string;
  /** Where connections came from that the engine was to reject, `ADDRESS:PORT`: what it says of them is no fault. */
  readonly probes?: readonly string[];
};

/** The option that insists on something, and whether it was given. */
export type Insistence = { readonly flag: string; readonly isGiven: boolean };

export type ChangeTools = {
  /** Asked once the engine answers on its local socket. */
  readonly prove: () => Promise<EngineVerdict>;
  readonly note: (line: string) => void;
  readonly now: () => Date;
  /** Restart the engine even if its swarm cannot do without it? The option that says so, and whether it does. */
  readonly quorum: Insistence;
  /** Restart a swarm manager that is locked afterwards? */
  readonly swarmLock: Insistence;
  readonly reinstate: Reinstate;
};

export type Changed<T> = {
  readonly written: T;
  /** Containers that ran before, and do not now. */
  readonly stopped: readonly Container[];
  /** Does its swarm wait for the unlock key now? */
  readonly isSwarmLocked: boolean;
};

/**
 * Changes the engine and proves it, or leaves everything as it was: files byte for byte, and the engine at work with
 * them. Throws `HOST_ROLLED_BACK` with the reason, and `HOST_BROKEN` when the way back failed too; then the journal
 * stays, and the next run tries again.
 */
export async function changeEngine<T>(change: FileChange<T>, tools: ChangeTools): Promise<Changed<T>> {
  const { unit, config, liveRestore } = change;
  const before = unit.isActive ? await stateBefore(unit, config, tools) : undefined;
  if (before !== undefined) refuseSwarm(before, tools);
  announce(before, { liveRestore, isRootless: unit.scope.isRootless, note: tools.note });
  const since = tools.now();
  const work: Work<T> = { change, before, tools, journal: begin(change, before), probes: [] };
  const written = await carryOut(work).catch(async (error: unknown) => {
    throw await wayBack(change, { journal: work.journal, probes: work.probes, error, since, tools });
  });
  dropKept(config);
  const doors = engineDoors(unit, config);
  const isSwarmLocked = before?.inSwarm !== false && (await readEngineState(doors))?.isLocked === true;
  return { written, stopped: await stoppedSince(before, doors), isSwarmLocked };
}

function refuseSwarm(before: EngineState, { quorum, swarmLock, note }: ChangeTools): void {
  if (!swarmLock.isGiven) refuseAutolock(before, swarmLock.flag);
  if (!quorum.isGiven) refuseLostQuorum(before, quorum.flag);
  if (before.isAutolocked === true)
    note('this swarm manager is locked after the restart: unlock it with docker swarm unlock');
}

/** Brings all that is needed for the way back to the disk. */
function begin(
  { unit, config, paths, liveRestore, after, isUndo, pair }: FileChange<unknown>,
  before: EngineState | undefined,
): Journal {
  const snapshot = takeSnapshot(config, paths, pair === undefined ? [] : pathsOf(pair));
  const kept = pair === undefined ? undefined : describePair(pair);
  try {
    return writeJournal({
      path: journalPath(config),
      phase: 'writing',
      wasActive: unit.isActive,
      invocation: unit.invocation,
      keep: before !== undefined && (before.liveRestore || liveRestore),
      forget: liveRestore && before?.liveRestore === false,
      snapshot,
      states: fingerprintsOf(snapshot, after, kept),
      isUndo,
      pair: kept ?? null,
    });
  } catch (error) {
    forgetJournal(config);
    removeAddedFolders(snapshot);
    throw error;
  }
}

/**
 * What a restart would touch. An engine that runs and does not tell is not restarted, unless `quorum` says that nothing
 * of it matters: nobody could say what stops with it, nor whether it comes back as it was. A rootless engine takes its
 * containers with it, whatever it says of live-restore.
 */
async function stateBefore(
  unit: HostService,
  config: string,
  { quorum, note }: Pick<ChangeTools, 'quorum' | 'note'>,
): Promise<EngineState | undefined> {
  const doors = engineDoors(unit, config);
  const state = await readEngineState(doors);
  if (state === undefined && !quorum.isGiven) throw untold(doors, quorum.flag);
  if (state === undefined)
    note('it is unknown which containers run: they stop with the engine, unless live-restore is on');
  return state && { ...state, liveRestore: state.liveRestore && !unit.scope.isRootless };
}

function untold(doors: Doors, flag: string): HostError {
  return new HostError(
    'HOST_ENGINE_SILENT',
    `the engine did not answer GET /info on ${doorsText(doors)}, so it is unknown which containers a restart would stop`,
    {
      hint: `allow GET /info there if an authorization plugin forbids it, or omit --apply and restart the engine yourself; ${flag} restarts it anyway`,
    },
  );
}

type Work<T> = {
  readonly change: FileChange<T>;
  readonly before: EngineState | undefined;
  readonly tools: ChangeTools;
  /** As it is on the disk now. */
  journal: Journal;
  /** `Verdict.probes`, once there is a verdict. */
  probes: readonly string[];
};

async function carryOut<T>(work: Work<T>): Promise<T> {
  const { change, before } = work;
  const { unit, config, liveRestore, pair, write } = change;
  const { snapshot, keep, pair: kept } = work.journal;
  if (before !== undefined && liveRestore) {
    await switchLiveRestore(unit, config, true);
    // What it keeps in memory now, the file need not say until the whole of it is written.
    restoreSnapshot(snapshot);
  }
  if (pair !== undefined && kept !== null) await switchPair(snapshot, kept, pair.publish);
  const written = await write();
  work.journal = writeJournal({ ...work.journal, phase: 'restarting' });
  await restartEngine(unit, config, { keep });
  await proven(work);
  removeJournal(work.journal);
  return written;
}

async function proven(work: Work<unknown>): Promise<void> {
  const { ok, why, probes = [] } = await work.tools.prove();
  work.probes = probes;
  if (!ok) throw new HostError('HOST_ENGINE_SILENT', why);
}

function announce(
  before: EngineState | undefined,
  { liveRestore, isRootless, note }: { liveRestore: boolean; isRootless: boolean; note: ChangeTools['note'] },
): void {
  const count = before?.containers.length ?? 0;
  if (before === undefined || count === 0) return;
  const many = count === 1 ? '1 container' : `${count} containers`;
  const fate =
    before.liveRestore || liveRestore
      ? 'run on while the engine restarts (live-restore is on)'
      : isRootless
        ? 'stop with the engine (it is rootless: they live in its name spaces)'
        : 'stop with the engine (live-restore is off; --live-restore would keep them)';
  note(`${many} ${fate}`);
}

async function stoppedSince(before: EngineState | undefined, doors: Doors): Promise<readonly Container[]> {
  if (before === undefined || before.containers.length === 0) return [];
  const running = new Set((await runningContainers(doors)).map(({ id }) => id));
  return before.containers.filter(({ id }) => !running.has(id));
}

type Failure = {
  readonly journal: Journal;
  readonly probes: readonly string[];
  readonly error: unknown;
  readonly since: Date;
  readonly tools: ChangeTools;
};

async function wayBack(
  { unit, config }: FileChange<unknown>,
  { journal, probes, error, since, tools }: Failure,
): Promise<HostError> {
  const said =
    journal.phase === 'restarting' ? await unit.systemd.journal(unit.name, since, isAboutProbe(probes)) : [];
  for (const line of said) tools.note(`engine: ${line}`);
  const why = error instanceof Error ? error.message : String(error);
  try {
    await rollBack(unit, journal, tools.reinstate);
  } catch (second) {
    const reason = second instanceof Error ? second.message : String(second);
    return new HostError('HOST_BROKEN', `${why}; putting everything back failed, too: ${reason}`, {
      hint: `fix what is named and run the command again: ${journal.path} keeps everything as it was`,
      cause: error,
    });
  }
  const state = journal.wasActive ? 'the engine serves as before' : 'the engine did not run before either';
  const what = journal.pair === null ? `${config} and the unit` : `${config}, the unit and the engine's pair`;
  return new HostError('HOST_ROLLED_BACK', `${why}; ${what} are as they were, and ${state}`, {
    hint: hintOf(error, said),
    cause: error,
  });
}

/** net/http names the other end of a handshake that failed. */
function isAboutProbe(probes: readonly string[]): (line: string) => boolean {
  return (line) => probes.some((probe) => line.includes(`TLS handshake error from ${probe}: `));
}

/** Lines that do not say why an engine fails: systemd and rootlesskit say that it ended, and it goes on after a warning. */
const NOT_WHY = /docker\.service|\blevel=warn|\[rootlesskit:|child exited/;

function hintOf(error: unknown, said: readonly string[]): string {
  if (isMtlsError(error) && error.hint !== undefined) return error.hint;
  const own = said.filter((line) => !NOT_WHY.test(line));
  const last =
    own.findLast((line) => /failed|error|unable|cannot|could not|invalid/i.test(line)) ?? own.at(-1);
  return last === undefined
    ? 'correct what is named, then run the command again'
    : `the engine said: ${last}`;
}
