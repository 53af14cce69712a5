import { escapeUnprintable } from '@docker-mtls/errors';
import { getJson, member } from '../address/engine-facts.ts';
import type { AddressFacts, FactsOrder } from '../address/engine-facts.ts';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import type { EngineBuild } from '@docker-mtls/engine/version';
import { compareReleases } from '@docker-mtls/engine/version';

/** moby#46857: engines before it remove containers with --rm when they start, though live-restore kept them running. */
const KEEPS_AUTO_REMOVED = [24, 0, 8] as const;
const MOST_CONTAINERS = 200;

export type ContainerOrder = {
  readonly subject: string;
  readonly facts: AddressFacts;
  readonly build: EngineBuild | undefined;
  readonly ask: FactsOrder;
};

/** Containers that a restart of the engine would stop or lose. */
export async function containerFindings(order: ContainerOrder): Promise<readonly FoundFinding[]> {
  const { subject, facts, build } = order;
  if (facts.running === undefined || facts.running === 0 || facts.isSwarm === true) return [];
  if (facts.liveRestore === false) {
    const message = `a restart of the engine stops ${facts.running} running containers`;
    return [found('host', 'live-restore-off', { subject, message })];
  }
  if (build === undefined || compareReleases(build.release, KEEPS_AUTO_REMOVED) >= 0) return [];
  const names = await autoRemoved(order.ask);
  if (names.length === 0) return [];
  const message = `${build.release.join('.')} removes them when it starts again: ${names.join(', ')}`;
  return [found('host', 'auto-remove-lost', { subject, message })];
}

/** A manager of a swarm with autolock is of no use to it after a restart, until somebody enters the key. */
export function lockFindings(subject: string, { isSwarmLocked }: AddressFacts): readonly FoundFinding[] {
  if (!isSwarmLocked) return [];
  const message = 'the engine waits for the unlock key of its swarm';
  return [found('host', 'swarm-locked', { subject, message })];
}

async function autoRemoved(ask: FactsOrder): Promise<readonly string[]> {
  const listed = await getJson(ask, '/containers/json');
  const ids = (Array.isArray(listed) ? listed : []).flatMap((each) => {
    const id = member(each, 'Id');
    return typeof id === 'string' && /^[0-9a-f]{12,64}$/.test(id) ? [id] : [];
  });
  const names: string[] = [];
  for (const id of ids.slice(0, MOST_CONTAINERS)) {
    const container = await getJson(ask, `/containers/${id}/json`);
    if (member(member(container, 'HostConfig'), 'AutoRemove') !== true) continue;
    const name = member(container, 'Name');
    names.push(escapeUnprintable(typeof name === 'string' ? name.replace(/^\//, '') : id.slice(0, 12)));
  }
  return names;
}
