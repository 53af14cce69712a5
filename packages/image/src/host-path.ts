import { quote } from '@docker-mtls/errors';
import type { Mount } from '@docker-mtls/engine';

/** Where a mounted folder is on the host, or why that cannot be known for certain. */
export type HostPath = { readonly path: string } | { readonly unknown: string };

export type MountedFolders = {
  readonly certs: Mount;
  readonly config: Mount;
  /** `/etc/hosts`, which the engine mounts from its own folder on the host. */
  readonly hosts: Mount | undefined;
};

/** Where the engine reads its daemon.json, unless it is told otherwise. */
export const CONFIG_FOLDER = '/etc/docker';
const ENGINE_FOLDER = '/var/lib/docker';

/**
 * Finds the host's path of the folder at /certs. The mount table only says which folder of which file system that is,
 * not where the host has the file system. One file system we know: the engine reads `/etc/docker`, so where that is
 * what is mounted at /docker, its file system is the one at the host's `/`, and in it paths are the host's. Where only
 * a part of it is at `/` (a btrfs subvolume, the root of a container), the engine's own folder must be in that part
 * too: else it may as well be any folder with an `etc/docker` in it.
 */
export function hostPathOf({ certs, ...engine }: MountedFolders): HostPath {
  const { config } = engine;
  const top = topOf(config);
  if (top === undefined)
    return unknown(`what is mounted at /docker is ${quote(config.root)}, not ${CONFIG_FOLDER}`);
  if (!isConfigFolder(engine)) return unknown(`${quote(top)} need not be the root of the host`);
  if (certs.device !== config.device) return unknown(`it is on another file system than ${CONFIG_FOLDER}`);
  if (!isBelow(certs, config.device, top)) return unknown(`${quote(certs.root)} is outside of ${quote(top)}`);
  const path = certs.root.slice(top.length);
  const problem = problemOf(path);
  return problem === undefined ? { path } : unknown(problem);
}

/** Is what is mounted at /docker the host's `/etc/docker`, as far as the mount table can tell? */
export function isConfigFolder({ config, hosts }: Omit<MountedFolders, 'certs'>): boolean {
  const top = topOf(config);
  return top === '' || (top !== undefined && isBelow(hosts, config.device, `${top}${ENGINE_FOLDER}`));
}

/** The part of the file system that the host has at `/`; empty for all of it. */
function topOf({ root }: Mount): string | undefined {
  return root.endsWith(CONFIG_FOLDER) ? root.slice(0, -CONFIG_FOLDER.length) : undefined;
}

function isBelow(mount: Mount | undefined, device: string, folder: string): boolean {
  return mount?.device === device && mount.root.startsWith(`${folder}/`);
}

function problemOf(path: string): string | undefined {
  if (path === '/') return 'it is the whole file system of the host';
  // fs/d_path.c: what the kernel writes for a folder that was removed, or that cannot be reached from its root.
  if (path.endsWith('//deleted')) return 'the folder was removed on the host';
  if (path.split('/').includes('..')) return `${quote(path)} is no path of the host`;
  return path.includes('\ufffd') ? `${quote(path)} is not UTF-8` : undefined;
}

function unknown(reason: string): HostPath {
  return { unknown: reason };
}
