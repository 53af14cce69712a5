import { askEngine } from './engine-api.ts';

export type Container = { readonly id: string; readonly name: string };

/** What a restart of the engine would touch. */
export type EngineState = {
  readonly containers: readonly Container[];
  /** Do containers run on while the engine is away? */
  readonly liveRestore: boolean;
  readonly inSwarm: boolean;
  /** How many of the swarm's managers are at work, this engine being one of them; `undefined` when it is none. */
  readonly managers: { readonly reachable: number; readonly all: number } | undefined;
};

type Fields = Readonly<Record<string, unknown>>;

/** Asks a running engine over its local socket; `undefined` when it does not answer. */
export async function readEngineState(socketPath: string): Promise<EngineState | undefined> {
  const info = fields(await askEngine(socketPath, '/info'));
  if (info === undefined) return undefined;
  const swarm = fields(info['Swarm']) ?? {};
  const isManager = swarm['ControlAvailable'] === true;
  return {
    containers: await runningContainers(socketPath),
    liveRestore: info['LiveRestoreEnabled'] === true,
    inSwarm: ['active', 'pending', 'locked', 'error'].includes(String(swarm['LocalNodeState'])),
    managers: isManager ? await managersOf(socketPath) : undefined,
  };
}

export async function runningContainers(socketPath: string): Promise<readonly Container[]> {
  return list(await askEngine(socketPath, '/containers/json')).map(({ Id: id, Names: names }) => ({
    id: String(id),
    name: Array.isArray(names) ? String(names[0]).replace(/^\//, '') : String(id).slice(0, 12),
  }));
}

async function managersOf(socketPath: string): Promise<EngineState['managers']> {
  const nodes = list(await askEngine(socketPath, '/nodes'))
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
