import fs from 'node:fs';

/** No file or folder of docker-mtls is in the making for so long, nor nearly. */
const GIVEN_UP_AFTER_MS = 60 * 60 * 1000;

/** A process of this machine's present run: `space` is where its number means something. */
type Writer = { readonly space: string; readonly pid: number; readonly start: string };

/**
 * A word for this process: no process before, after or in another container has the same. It goes into the names of
 * what is in the making, so that a later process can tell whether this one is still at work on it.
 */
export function ownWriter(): string {
  own ??= { space: ownSpace(), pid: process.pid, start: startOf('self') ?? '0' };
  return `${own.space}-${own.pid}-${own.start}`;
}
let own: Writer | undefined;

/** Has the process with that word ended? Of one that this process cannot see, age has to tell. */
export function hasEnded(word: string, changedAt: number): boolean {
  const state = writerState(word);
  return state === 'elsewhere' ? Date.now() - changedAt > GIVEN_UP_AFTER_MS : state === 'ended';
}

/** What has become of the process with that word; this one cannot see those of other machines and containers. */
export function writerState(word: string): 'running' | 'ended' | 'elsewhere' {
  const [space, pid = '', start] = word.split('-');
  if (space !== ownSpace()) return 'elsewhere';
  return isAlive(Number(pid)) && (startOf(pid) ?? start) === start ? 'running' : 'ended';
}

/** The boot and the name space of process numbers: two containers have a process 1 each. */
function ownSpace(): string {
  try {
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
    const [number = ''] = /\d+/.exec(fs.readlinkSync('/proc/self/ns/pid')) ?? [];
    return `${boot}x${number}`;
  } catch {
    // Other systems than Linux have one such space.
    return '0';
  }
}

/** When a process has started, in ticks since the boot (proc_pid_stat(5), field 22): numbers are used again. */
function startOf(pid: string): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in parentheses, which may hold any character.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
