import nodePath from 'node:path';
import { openFiles, PROC, readProcess } from './processes.ts';

/** A TCP socket that takes connections: `host` is an IP address, `0.0.0.0` and `::` stand for all of them. */
export type ListeningSocket = { readonly host: string; readonly port: number };

/**
 * What a process listens on by TCP, those included that systemd has opened for it; `undefined` where that may not be seen,
 * as for the processes of root.
 */
export function listeningSockets(pid: number, proc: string = PROC): readonly ListeningSocket[] | undefined {
  const folder = nodePath.join(proc, String(pid));
  const files = openFiles(folder);
  if (files === undefined) return undefined;
  const inodes = socketInodes(files);
  // The tables are those of the process's own network.
  return listensIn(folder)
    .filter(({ inode }) => inodes.has(inode))
    .map(({ host, port }) => ({ host, port }));
}

/** The same of several processes that use the network of this machine: its table may be long, and is read once. */
export function listeningHere(pids: readonly string[], proc: string = PROC): readonly ListeningSocket[] {
  if (pids.length === 0) return [];
  const rows = new Map(listensIn(nodePath.join(proc, 'self')).map((row) => [row.inode, row]));
  return pids.flatMap((pid) =>
    [...socketInodes(openFiles(nodePath.join(proc, pid)) ?? [])].flatMap((inode) => {
      const row = rows.get(inode);
      return row === undefined ? [] : [{ host: row.host, port: row.port }];
    }),
  );
}

/** The inodes of the sockets among open files. */
export function socketInodes(files: readonly string[]): ReadonlySet<string> {
  return new Set(files.flatMap((file) => /^socket:\[(\d+)\]$/.exec(file)?.[1] ?? []));
}

/** What takes connections at a port in the network of this machine, whichever process that is. */
export function listenersAt(port: number, proc: string = PROC): readonly ListeningSocket[] {
  return listensIn(nodePath.join(proc, 'self'))
    .filter((each) => each.port === port)
    .map(({ host }) => ({ host, port }));
}

/** Every TCP socket that takes connections in the network of a process (proc_pid_net(5)), of all its processes. */
function listensIn(folder: string): readonly (ListeningSocket & { readonly inode: string })[] {
  return ['tcp', 'tcp6'].flatMap((name) =>
    (readProcess(nodePath.join(folder, 'net', name)) ?? '').split('\n').flatMap(rowOf),
  );
}

const LISTEN = '0A';

function rowOf(line: string): readonly (ListeningSocket & { readonly inode: string })[] {
  const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
  const [address = '', port = ''] = local.split(':');
  if (state !== LISTEN) return [];
  return [{ host: addressOf(address), port: Number.parseInt(port, 16), inode }];
}

/** The kernel prints each 32 bits as a number of this machine's byte order: little on all that Docker runs on but s390x. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, 'hex')].toReversed());
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  return groups.every((group) => group === '0')
    ? '::'
    : new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
