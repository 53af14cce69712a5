import nodePath from 'node:path';
import { engineHolders } from './engine-holders.ts';
import { listeningSockets } from './listening-sockets.ts';
import type { ListeningSocket } from './listening-sockets.ts';
import { linkOfProcess, PROC, processIds, readProcess } from './processes.ts';
import type { RunningEngine } from './running-engines.ts';

/** What an engine is called, and what publishes the ports of a rootless one. */
const NAMES: ReadonlySet<string | undefined> = new Set(['dockerd', 'rootlesskit']);

/**
 * What engines listen on that are not those of this machine, as far as it can be seen: of other users, and of containers that
 * use the network of the machine.
 */
export function otherEngineSockets(running: readonly RunningEngine[]): readonly ListeningSocket[] {
  const own = new Set(running.map(({ pid }) => pid));
  const holders = engineHolders();
  const network = linkOfProcess(`${PROC}/self/ns/net`);
  return processIds(PROC).flatMap((pid) => {
    const folder = nodePath.join(PROC, pid);
    const isEngine = holders.has(pid) || NAMES.has(readProcess(`${folder}/comm`)?.trim());
    if (own.has(Number(pid)) || !isEngine) return [];
    return linkOfProcess(`${folder}/ns/net`) === network ? (listeningSockets(Number(pid)) ?? []) : [];
  });
}
