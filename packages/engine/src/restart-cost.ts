import { askEngine } from './engine-api.ts';
import type { Doors } from './engine-api.ts';
import { engineDoors } from './engine-door.ts';
import { readEngineState } from './engine-state.ts';
import type { Container, EngineState } from './engine-state.ts';
import type { Insistence } from './change-engine.ts';
import { HostError } from './host-error.ts';
import type { HostUnit } from './host-unit.ts';
import { refuseAutolock, refuseLostQuorum } from './swarm.ts';

export type RestartCost = {
  readonly config: string;
  /** Are containers to run on, whatever daemon.json says? */
  readonly liveRestore: boolean;
  readonly quorum: Insistence;
  readonly swarmLock: Insistence;
  /** Restart it though containers stop, or are deleted? */
  readonly stops: Insistence;
};

/**
 * Refuses a restart that nobody watches where it would lock a swarm manager, lose a swarm its quorum, stop containers, or
 * have the engine delete them: by their names. An engine that does not answer is refused later. Throws `HOST_SWARM_LOCK`,
 * `HOST_SWARM` and `HOST_STOPS_CONTAINERS`.
 */
export async function refuseCostlyRestart(
  unit: HostUnit,
  { config, liveRestore, quorum, swarmLock, stops }: RestartCost,
): Promise<void> {
  if (!unit.isActive) return;
  const doors = engineDoors(unit, config);
  const state = await readEngineState(doors);
  if (state === undefined) return;
  if (!swarmLock.isGiven) refuseAutolock(state, swarmLock.flag);
  if (!quorum.isGiven) refuseLostQuorum(state, quorum.flag);
  if (stops.isGiven || state.containers.length === 0) return;
  const keeps = !unit.scope.isRootless && (state.liveRestore || liveRestore);
  if (!keeps) throw stopsAll(state, unit, stops.flag);
  const deleted = deletesAtStart(state.version) ? await startedWithRm(doors, state.containers) : [];
  if (deleted.length > 0) throw deletes(deleted, state.version, stops.flag);
}

/** Fixed in 24.0.8 and 25.0 (moby#46857). What is no number is taken for an old one. */
function deletesAtStart(version: string): boolean {
  const [, ...numbers] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  const [major = 0, minor = 0, patch = 0] = numbers.map(Number);
  return major < 24 || (major === 24 && minor === 0 && patch < 8);
}

async function startedWithRm(doors: Doors, containers: readonly Container[]): Promise<readonly Container[]> {
  const found: Container[] = [];
  for (const container of containers)
    if (isAutoRemoved(await askEngine(doors, `/containers/${container.id}/json`))) found.push(container);
  return found;
}

function isAutoRemoved(answer: unknown): boolean {
  const { HostConfig: settings } = (answer ?? {}) as { readonly HostConfig?: unknown };
  return ((settings ?? {}) as { readonly AutoRemove?: unknown }).AutoRemove === true;
}

function stopsAll({ containers, inSwarm }: EngineState, { scope }: HostUnit, flag: string): HostError {
  const why = scope.isRootless ? 'the engine is rootless' : 'live-restore is off';
  const canKeep = !scope.isRootless && !inSwarm;
  return new HostError(
    'HOST_STOPS_CONTAINERS',
    `a restart of the engine stops ${namesOf(containers)}: ${why}`,
    {
      hint: canKeep
        ? `add --live-restore to have them run on, or ${flag}`
        : `add ${flag} to restart it all the same`,
    },
  );
}

function deletes(containers: readonly Container[], version: string, flag: string): HostError {
  return new HostError(
    'HOST_STOPS_CONTAINERS',
    `a restart of the engine deletes ${namesOf(containers)}: they were started with --rm, and engine ${version} removes such containers when it starts`,
    { hint: `wait until they have ended, or add ${flag}` },
  );
}

const MOST_NAMES = 10;

function namesOf(containers: readonly Container[]): string {
  const names = containers.slice(0, MOST_NAMES).map(({ name }) => name);
  const more = containers.length - names.length;
  const word = containers.length === 1 ? 'the container' : 'the containers';
  return `${word} ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
