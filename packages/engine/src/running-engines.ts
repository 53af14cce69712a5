import nodePath from 'node:path';
import { defaultConfigPath, parseEngineFlags, separateEngineFlags } from '@docker-mtls/daemon-config';
import type { EngineFlag } from '@docker-mtls/daemon-config';
import { engineHolders } from './engine-holders.ts';
import {
  environmentOfProcess,
  linkOfProcess,
  ownerOfProcess,
  PROC,
  processIds,
  readProcess,
} from './processes.ts';

/** An engine that runs on this machine, as its process tells. */
export type RunningEngine = {
  readonly pid: number;
  /** Its own program, where it can be seen. */
  readonly program: string | undefined;
  readonly arguments: readonly string[];
  /** What it was told on its command line. */
  readonly flags: readonly EngineFlag[];
  /** The daemon.json that it reads. */
  readonly config: string;
  /** The unit that it belongs to, by its control group; `undefined`: none, such as one that was started by hand. */
  readonly unit: { readonly name: string; readonly isUsers: boolean } | undefined;
  /** Does it share the network of this machine? A rootless engine may have one of its own. */
  readonly isInOwnNetwork: boolean;
};

/**
 * Finds the engines that run here: processes of root, named dockerd or known by what they listen on, that see the files and
 * processes that we see, and those of our own user, whatever they see. An engine in a container is not one of this machine,
 * and what another user calls dockerd is none.
 */
export function runningEngines(proc: string = PROC): readonly RunningEngine[] {
  const holders = engineHolders(proc);
  return processIds(proc).flatMap((pid) => {
    const engine = readEngine(`${proc}/${pid}`, { proc, isHolder: holders.has(pid) });
    return engine === undefined ? [] : [{ pid: Number(pid), ...engine }];
  });
}

type Surroundings = { readonly proc: string; readonly isHolder: boolean };

function readEngine(
  folder: string,
  { proc, isHolder }: Surroundings,
): Omit<RunningEngine, 'pid'> | undefined {
  const [name = '', ...args] = (readProcess(`${folder}/cmdline`) ?? '').split('\0').slice(0, -1);
  if (nodePath.basename(name) !== 'dockerd' && !isHolder) return undefined;
  const uid = ownerOfProcess(folder);
  const isRootless = uid !== 0 && uid === process.geteuid?.();
  if (uid !== 0 && !isRootless) return undefined;
  if (!isRootless && !sharesNamespaces(folder, proc)) return undefined;
  const flags = parseEngineFlags(separateEngineFlags(args));
  const named = flags.findLast((flag) => flag.name === 'config-file')?.value;
  const config =
    named === undefined
      ? usualConfig(folder, isRootless)
      : nodePath.resolve(linkOfProcess(`${folder}/cwd`) ?? '/', named);
  return {
    program: linkOfProcess(`${folder}/exe`),
    arguments: args,
    flags,
    config,
    unit: unitIn(readProcess(`${folder}/cgroup`) ?? ''),
    isInOwnNetwork: linkOfProcess(`${folder}/ns/net`) !== linkOfProcess(`${proc}/self/ns/net`),
  };
}

function sharesNamespaces(folder: string, proc: string): boolean {
  return ['mnt', 'pid'].every((kind) => {
    const theirs = linkOfProcess(`${folder}/ns/${kind}`);
    return theirs !== undefined && theirs === linkOfProcess(`${proc}/self/ns/${kind}`);
  });
}

function usualConfig(folder: string, isRootless: boolean): string {
  return defaultConfigPath('linux', environmentOfProcess(folder), { rootless: isRootless });
}

/** The last part of a control group's path is the unit, in version 1 (`name=systemd`) and in version 2. */
export function unitIn(cgroup: string): RunningEngine['unit'] {
  const path = /^\d+:(?:name=systemd)?:(.*)$/m.exec(cgroup)?.[1] ?? '';
  const name = path.split('/').findLast((part) => part.endsWith('.service'));
  if (name === undefined || !path.endsWith(name)) return undefined;
  return { name, isUsers: /\/user@\d+\.service\//.test(path) };
}
