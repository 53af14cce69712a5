import nodePath from 'node:path';
import { engineHolders } from './engine-holders.ts';
import { listeningHere } from './listening-sockets.ts';
import type { ListeningSocket } from './listening-sockets.ts';
import { linkOfProcess, ownerOfProcess, PROC, processIds, readProcess } from './processes.ts';
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
  const others = processIds(PROC).filter((pid) => {
    const folder = nodePath.join(PROC, pid);
    const isEngine = holders.has(pid) || NAMES.has(readProcess(`${folder}/comm`)?.trim());
    return isEngine && !own.has(Number(pid)) && linkOfProcess(`${folder}/ns/net`) === network;
  });
  return listeningHere(rootsFirst(others));
}

/** Those of root cannot be hidden behind many of another user. */
function rootsFirst(pids: readonly string[]): readonly string[] {
  const roots = new Set(pids.filter((pid) => ownerOfProcess(nodePath.join(PROC, pid)) === 0));
  return [...roots, ...pids.filter((pid) => !roots.has(pid))];
}
