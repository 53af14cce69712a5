import fs from 'node:fs';
import { defaultConfigPath } from '@docker-mtls/daemon-config';

/** proc(5): the start of a process counts in these. It is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** When the dockerd processes of this machine that read a daemon.json have started, in milliseconds since 1970. */
export function engineStarts(config: string): readonly number[] {
  const target = realPath(config);
  return processes().flatMap((pid) => {
    const configFile = configOf(pid);
    if (configFile === undefined || realPath(configFile) !== target) return [];
    const start = startOf(pid);
    return start === undefined ? [] : [start];
  });
}

function processes(): readonly string[] {
  try {
    return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    // Not Linux.
    return [];
  }
}

/** The daemon.json that a process reads if it is a dockerd. */
function configOf(pid: string): string | undefined {
  if (read(`/proc/${pid}/comm`)?.trim() !== 'dockerd') return undefined;
  const words = read(`/proc/${pid}/cmdline`)?.split('\0') ?? [];
  const at = words.findIndex((word) => /^--?config-file(?:=|$)/.test(word));
  if (at === -1) return usualConfig(pid);
  return words[at]?.split('=').slice(1).join('=') || words[at + 1];
}

/** A rootless engine of any user does not read the daemon.json of the system. */
function usualConfig(pid: string): string | undefined {
  const entries = read(`/proc/${pid}/environ`)
    ?.split('\0')
    .map((entry) => {
      const at = entry.indexOf('=');
      return [entry.slice(0, at), entry.slice(at + 1)] as const;
    });
  const owner = ownerOf(pid);
  if (owner === undefined) return undefined;
  return defaultConfigPath('linux', Object.fromEntries(entries ?? []), { rootless: owner !== 0 });
}

function ownerOf(pid: string): number | undefined {
  try {
    return fs.statSync(`/proc/${pid}`).uid;
  } catch {
    // The process has ended.
    return undefined;
  }
}

/** The clock may be set while a process runs, so its age is counted from now. */
function startOf(pid: string): number | undefined {
  // The name of the program is in brackets, and may hold blanks and brackets.
  const fields = read(`/proc/${pid}/stat`)?.replace(/^.*\)/s, '').trim().split(' ');
  const ticks = Number(fields?.[19]);
  const uptime = Number(read('/proc/uptime')?.split(' ')[0]);
  const age = uptime - ticks / TICKS_PER_SECOND;
  return Number.isFinite(age) ? Date.now() - age * 1000 : undefined;
}

function read(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    // The process has ended.
    return undefined;
  }
}

function realPath(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}
