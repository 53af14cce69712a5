import fs from 'node:fs';
import nodePath from 'node:path';
import { defaultConfigPath, parseEngineFlags } from '@docker-mtls/daemon-config';
import type { EngineFlag } from '@docker-mtls/daemon-config';

/** An engine that runs on this machine, as its process tells. */
export type RunningEngine = {
  readonly pid: number;
  /** Its own program, where it can be seen. */
  readonly program: string | undefined;
  readonly arguments: readonly string[];
  /** What it was told on its command line; nothing where that cannot be read for certain. */
  readonly flags: readonly EngineFlag[];
  /** The daemon.json that it reads. */
  readonly config: string;
  /** The unit that it belongs to, by its control group; `undefined`: none, such as one that was started by hand. */
  readonly unit: { readonly name: string; readonly isUsers: boolean } | undefined;
  /** Does it share the network of this machine? A rootless engine may have one of its own. */
  readonly isInOwnNetwork: boolean;
};

const PROC = '/proc';

/**
 * Finds the engines that run here: processes named dockerd that see the files and processes that we see, and the
 * rootless ones of our own user, whatever they see. An engine in a container is not one of this machine.
 */
export function runningEngines(proc: string = PROC): readonly RunningEngine[] {
  const pids = listed(proc).filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const engine = readEngine(nodePath.join(proc, pid), proc);
    return engine === undefined ? [] : [{ pid: Number(pid), ...engine }];
  });
}

function readEngine(folder: string, proc: string): Omit<RunningEngine, 'pid'> | undefined {
  const [name = '', ...args] = (read(`${folder}/cmdline`) ?? '').split('\0').slice(0, -1);
  if (nodePath.basename(name) !== 'dockerd') return undefined;
  const uid = ownerOf(folder);
  const isRootless = uid !== undefined && uid !== 0 && uid === process.geteuid?.();
  if (!isRootless && !sharesNamespaces(folder, proc)) return undefined;
  const flags = flagsIn(args);
  const named = flags.findLast((flag) => flag.name === 'config-file')?.value;
  const config =
    named === undefined
      ? usualConfig(folder, isRootless)
      : nodePath.resolve(link(`${folder}/cwd`) ?? '/', named);
  return {
    program: link(`${folder}/exe`),
    arguments: args,
    flags,
    config,
    unit: unitIn(read(`${folder}/cgroup`) ?? ''),
    isInOwnNetwork: link(`${folder}/ns/net`) !== link(`${proc}/self/ns/net`),
  };
}

function sharesNamespaces(folder: string, proc: string): boolean {
  return ['mnt', 'pid'].every((kind) => {
    const theirs = link(`${folder}/ns/${kind}`);
    return theirs !== undefined && theirs === link(`${proc}/self/ns/${kind}`);
  });
}

function flagsIn(args: readonly string[]): readonly EngineFlag[] {
  try {
    return parseEngineFlags(args);
  } catch {
    // Several flags in one word.
    return [];
  }
}

function usualConfig(folder: string, isRootless: boolean): string {
  const entries = (read(`${folder}/environ`) ?? '').split('\0').map((entry) => {
    const at = entry.indexOf('=');
    return [entry.slice(0, at), entry.slice(at + 1)] as const;
  });
  return defaultConfigPath('linux', Object.fromEntries(entries), { rootless: isRootless });
}

/** The last part of a control group's path is the unit, in version 1 (`name=systemd`) and in version 2. */
export function unitIn(cgroup: string): RunningEngine['unit'] {
  const path = /^\d+:(?:name=systemd)?:(.*)$/m.exec(cgroup)?.[1] ?? '';
  const name = path.split('/').findLast((part) => part.endsWith('.service'));
  if (name === undefined || !path.endsWith(name)) return undefined;
  return { name, isUsers: /\/user@\d+\.service\//.test(path) };
}

function ownerOf(folder: string): number | undefined {
  try {
    return fs.statSync(folder).uid;
  } catch {
    return undefined;
  }
}

function listed(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** Processes come and go, and those of other users may not be looked at. */
function read(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function link(file: string): string | undefined {
  try {
    return fs.readlinkSync(file);
  } catch {
    return undefined;
  }
}
