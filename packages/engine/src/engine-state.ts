import { askEngine } from './engine-api.ts';
import type { Doors } from './engine-api.ts';

export type Container = { readonly id: string; readonly name: string };

/** What a restart of the engine would touch. */
export type EngineState = {
  /** As the engine has it: `28.5.2`, `20.10.24+dfsg1`. */
  readonly version: string;
  readonly containers: readonly Container[];
  /** Do containers run on while the engine is away? */
  readonly liveRestore: boolean;
  readonly inSwarm: boolean;
  /**
   * Is it a manager that a restart would lock, until somebody enters the swarm's unlock key? `undefined` where its swarm
   * has no leader to tell it.
   */
  readonly isAutolocked: boolean | undefined;
  /** Is it locked now? */
  readonly isLocked: boolean;
  /**
   * How many of the swarm's managers are at work, this engine being one of them: `no leader` when they are too few to
   * tell, `undefined` when it is none.
   */
  readonly managers: Managers | 'no leader' | undefined;
};

type Managers = { readonly reachable: number; readonly all: number };

type Fields = Readonly<Record<string, unknown>>;

/** A manager looks for its swarm's leader for 20 s before it answers (moby daemon/cluster, swarmRequestTimeout). */
const PATIENCE_MS = 25_000;

/** Asks a running engine; `undefined` when it does not answer, or does not tell us. */
export async function readEngineState(doors: Doors): Promise<EngineState | undefined> {
  const info = fields(await askEngine(doors, '/info', PATIENCE_MS));
  if (info === undefined) return undefined;
  const swarm = fields(info['Swarm']) ?? {};
  const isManager = swarm['ControlAvailable'] === true;
  const hasLeader = !isManager || !isWithoutLeader(swarm);
  return {
    version: String(info['ServerVersion'] ?? ''),
    containers: await runningContainers(doors),
    liveRestore: info['LiveRestoreEnabled'] === true,
    inSwarm: ['active', 'pending', 'locked', 'error'].includes(String(swarm['LocalNodeState'])),
    isAutolocked: hasLeader ? isManager && (await autolockOf(swarm, doors)) : undefined,
    isLocked: swarm['LocalNodeState'] === 'locked',
    managers: !hasLeader ? 'no leader' : isManager ? await managersOf(doors) : undefined,
  };
}

export async function runningContainers(doors: Doors): Promise<readonly Container[]> {
  return list(await askEngine(doors, '/containers/json')).map(({ Id: id, Names: names }) => ({
    id: String(id),
    name: Array.isArray(names) ? String(names[0]).replace(/^\//, '') : String(id).slice(0, 12),
  }));
}

/** A manager that does not reach a leader tells of a cluster without a name, and with settings that mean nothing. */
function isWithoutLeader(swarm: Fields): boolean {
  return fields(swarm['Cluster'])?.['ID'] === '';
}

/** A manager tells it with /info; GET /swarm is asked where that leaves it out. */
async function autolockOf(swarm: Fields, doors: Doors): Promise<boolean> {
  const cluster = fields(swarm['Cluster']) ?? fields(await askEngine(doors, '/swarm'));
  const encryption = fields(fields(cluster?.['Spec'])?.['EncryptionConfig']);
  return encryption?.['AutoLockManagers'] === true;
}

async function managersOf(doors: Doors): Promise<Managers> {
  const nodes = list(await askEngine(doors, '/nodes'))
    .map((node) => fields(node['ManagerStatus']))
    .filter((status) => status !== undefined);
  const reachable = nodes.filter((status) => status['Reachability'] === 'reachable');
  return { reachable: Math.max(1, reachable.length), all: Math.max(1, nodes.length) };
}

function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fields).filter((item) => item !== undefined) : [];
}
