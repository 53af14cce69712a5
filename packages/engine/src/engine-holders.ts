import nodePath from 'node:path';
import { socketInodes } from './listening-sockets.ts';
import { openFiles, PROC, processIds, readProcess } from './processes.ts';

/** moby libnetwork/sandbox_externalkey_unix.go: below its exec-root, an engine listens for the runtime of its containers. */
const SOCKET = /\/libnetwork\/[\da-f]{12,64}\.sock$/;

/** moby volume/service/store.go: below its data-root, it keeps this open. */
const DATABASE = '/volumes/metadata.db';

/**
 * The processes that have open what only engines have, whatever their programs are called: the name of a file says little,
 * as where several versions are installed. Those alone are seen that use the network of this machine.
 */
export function engineHolders(proc: string = PROC): ReadonlySet<string> {
  const wanted = engineSockets(proc);
  const holders = new Set<string>();
  if (wanted.size === 0) return holders;
  for (const pid of namedFirst(proc)) {
    if (wanted.size === 0) break;
    const files = openFiles(nodePath.join(proc, pid)) ?? [];
    const held = [...socketInodes(files)].filter((inode) => wanted.delete(inode));
    // Any user may choose a path for a socket that the table shows as a row of another one.
    if (held.length > 0 && files.some((file) => file.endsWith(DATABASE))) holders.add(pid);
  }
  return holders;
}

/** The files of a process take longer to look at than its name, and most engines are called dockerd. */
function namedFirst(proc: string): readonly string[] {
  const isNamed = (pid: string): boolean =>
    readProcess(nodePath.join(proc, pid, 'comm'))?.trim() === 'dockerd';
  const pids = processIds(proc);
  const named = new Set(pids.filter(isNamed));
  return [...named, ...pids.filter((pid) => !named.has(pid))];
}

/** proc_pid_net(5), `unix`: the flags of a socket that takes connections, its inode and its path. */
function engineSockets(proc: string): Set<string> {
  const table = readProcess(nodePath.join(proc, 'self/net/unix')) ?? '';
  const rows = table.matchAll(/^\S+ \S+ \S+ 00010000 \S+ \S+ +(\d+) (.+)$/gm);
  return new Set([...rows].flatMap(([, inode = '', path = '']) => (SOCKET.test(path) ? [inode] : [])));
}
