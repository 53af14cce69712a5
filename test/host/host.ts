import { execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CACHE, REPOSITORY } from '../support/cache.ts';
import { onCleanup } from '../support/cleanup.ts';
import { BUNDLE } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import type { Need } from '../support/needs.ts';
import { hostPath, NAME_SPACES } from '../support/engine-install.ts';
import { output, run, type Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

/** A machine that booted: systemd is its first process, and Debian's docker.service runs the engine. */
export type Host = {
  /** Where it is reached from the test's machine. */
  readonly address: string;
  /** The path of a file of the host, for the test. */
  readonly outside: (file: string) => string;
  /** Runs a shell script in the host, as root. */
  readonly shell: (script: string) => Promise<Finished>;
  /** The same, for scripts that are expected to succeed; returns stdout. */
  readonly must: (script: string) => Promise<string>;
  /** Runs docker-mtls in the host. */
  readonly cli: (...args: readonly string[]) => Promise<Finished>;
  /** The words that run a command in the host. */
  readonly prefix: readonly string[];
};

export const HOST_ENGINES = ['20.10', '26.1', '28.5'] as const;
export type HostEngine = (typeof HOST_ENGINES)[number];

const IN_OWN_CGROUP = path.join(REPOSITORY, 'test/host/in-own-cgroup');
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const BOOTED_WITHIN = 90_000;

/** What a host of a test needs. */
export function hostNeeds(version: HostEngine): readonly Need[] {
  const engine: readonly Need[] = version === '20.10' ? [] : [`engine ${version}`];
  return ['root', 'name spaces', 'hosts that boot', 'ip', ...engine];
}

/** Boots a fresh host with that generation of the engine, and without Node if told; it ends with the test file. */
export async function bootHost(version: HostEngine, { node = true } = {}): Promise<Host> {
  const made = await output(path.join(REPOSITORY, 'test/host/make-root'), [path.join(CACHE, 'host')], {
    env: { PATH: hostPath() },
    timeout: 600_000,
  });
  const { name, address } = connect();
  const leader = await start(name, [version, made.trim()], node);
  const host = hostOf(name, address, leader);
  await becomeReady(host);
  return host;
}

/** A network of the host's own, and a cable to it. */
function connect(): { readonly name: string; readonly address: string } {
  const { name, ours, theirs } = claimNetwork();
  onCleanup(() => ip('netns', 'delete', name));
  ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'host0', 'netns', name);
  ip('address', 'add', `${ours}/30`, 'dev', name);
  onCleanup(() => ip('link', 'delete', name));
  ip('link', 'set', name, 'up');
  ip('-n', name, 'address', 'add', `${theirs}/30`, 'dev', 'host0');
  for (const device of ['host0', 'lo']) ip('-n', name, 'link', 'set', device, 'up');
  // The engine switches it on when it starts, and inside of the host it cannot: systemd-nspawn has /proc/sys read-only.
  ip('netns', 'exec', name, 'sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward');
  return { name, address: theirs };
}

type Network = { readonly name: string; readonly ours: string; readonly theirs: string };

/**
 * Four addresses of those that are for tests of networks (RFC 2544), by whose number the name space is called: it can be
 * made once, so no other host has them, not even one of a run that was killed.
 */
function claimNetwork(): Network {
  for (let tries = 0; tries < 100; tries += 1) {
    const number = randomInt(2 ** 15);
    const name = `dm-${number}`;
    const address = (index: number): string => {
      const last = 4 * number + index;
      return `198.${18 + (last >> 16)}.${(last >> 8) & 255}.${last & 255}`;
    };
    if (fs.existsSync(`/run/netns/${name}`)) continue;
    ip('netns', 'add', name);
    return { name, ours: address(1), theirs: address(2) };
  }
  throw new Error('no network is left for a host');
}

/** Also when a test file ends, and the PATH is that of no block any more. */
function ip(...words: readonly string[]): void {
  execFileSync('ip', words, { env: { PATH: hostPath() } });
}

/** Nothing of it is left when this process ends, however it ends: the host's processes and mounts go with `unshare`. */
async function start(
  name: string,
  [version, base]: readonly [HostEngine, string],
  node: boolean,
): Promise<number> {
  const engine = version === '20.10' ? [] : [path.join(CACHE, 'engines', version)];
  // The newer engines lie over what the packages installed.
  const root = [temporaryFolder(), [...engine, base].join(':'), markerOf(name)];
  const nspawn = ['systemd-nspawn', ...machineOptions(name, node ? NODE_AND_PROGRAM : [])];
  const command = [
    '--pdeathsig',
    'KILL',
    'unshare',
    ...NAME_SPACES,
    'sh',
    '-ec',
    IN_ROOT,
    'sh',
    ...root,
    ...nspawn,
  ];
  onCleanup(() => removeCgroup(name));
  const child = spawn(IN_OWN_CGROUP, [name, 'setpriv', ...command], {
    stdio: 'ignore',
    env: { PATH: hostPath() },
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  onCleanup(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let leader: number | undefined;
  await eventually(() => {
    leader = childOf(childOf(child.pid));
    if (leader === undefined || !isFirstIn(name, leader)) throw new Error('the host did not start');
  });
  return Number(leader);
}

/** A copy on write, in memory. */
const IN_ROOT = `
mount -t tmpfs -o mode=755 tmpfs "$1"; cd "$1"; mkdir upper work root
mount -t overlay -o "lowerdir=$2,upperdir=upper,workdir=work" overlay root; cd root
echo node1 >etc/hostname; touch "etc/$3"
shift 3; exec "$@"
`;

/** What ran in it was killed a moment ago, and may be there for another one. */
function removeCgroup(name: string): Promise<void> {
  return eventually(() => void execFileSync(IN_OWN_CGROUP, ['--remove', name], { stdio: 'pipe' }));
}

const NODE_AND_PROGRAM = [
  `${fs.realpathSync(process.execPath)}:/usr/local/bin/node`,
  path.join(REPOSITORY, 'packages/cli'),
  path.join(REPOSITORY, 'node_modules'),
];

function machineOptions(name: string, readOnly: readonly string[]): readonly string[] {
  return [
    '--quiet',
    '--boot',
    '--register=no',
    '--keep-unit',
    '--directory=.',
    // Those of one name would share a folder, and who ends takes it away.
    `--machine=${name}`,
    `--network-namespace-path=/run/netns/${name}`,
    // What a container's own engine needs, and a container is not usually given.
    '--capability=all',
    '--system-call-filter=@keyring bpf',
    '--tmpfs=/var/lib/docker',
    ...readOnly.map((file) => `--bind-ro=${file}`),
  ];
}

/** The first of a process's children: of systemd-nspawn's, the one that became the host's first process. */
export function childOf(pid: number | undefined): number | undefined {
  const file = `/proc/${pid}/task/${pid}/children`;
  const [first] = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split(' ') : [];
  return first === undefined || first === '' ? undefined : Number(first);
}

function markerOf(name: string): string {
  return `test-${name}`;
}

/** Nothing may ever run on the test's own machine by mistake. */
function isIn(name: string, pid: number): boolean {
  return fs.existsSync(path.join(`/proc/${pid}/root/etc`, markerOf(name)));
}

/** Is it the host's first process, and not the one that makes that and ends? */
function isFirstIn(name: string, pid: number): boolean {
  return isIn(name, pid) && /^NSpid:.*\t1$/mu.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
}

function hostOf(name: string, address: string, leader: number): Host {
  // By its path: what the test's PATH names is not in the host.
  const prefix = [
    'nsenter',
    '--target',
    `${leader}`,
    '--all',
    '/usr/bin/env',
    '-i',
    `PATH=${PATH}`,
    'HOME=/root',
  ];
  const inside = (args: readonly string[]): Promise<Finished> => {
    if (!isIn(name, leader)) throw new Error('the host is gone');
    const [program = '', ...words] = [...prefix, ...args];
    return run(program, words, { timeout: 180_000 });
  };
  const shell = (script: string): Promise<Finished> => inside(['sh', '-c', script]);
  return {
    address,
    prefix,
    outside: (file) => path.join(`/proc/${leader}/root`, file),
    shell,
    must: succeeding(shell),
    cli: (...args) => inside(['/usr/local/bin/node', BUNDLE, ...args]),
  };
}

/** A shell for scripts that are expected to succeed. */
export function succeeding(shell: Host['shell']): Host['must'] {
  return async (script) => {
    const { code, stdout, stderr } = await shell(script);
    if (code !== 0) {
      const journal = await shell('journalctl --quiet --no-pager --lines 25');
      throw new Error(`${script}: ended with ${code}\n${stdout}${stderr}${journal.stdout}`);
    }
    return stdout;
  };
}

async function becomeReady({ shell, must }: Host): Promise<void> {
  const end = Date.now() + BOOTED_WITHIN;
  while ((await shell('systemctl is-active docker && docker version')).code !== 0) {
    if (Date.now() > end)
      throw new Error((await shell('exec 2>&1; systemctl status docker; journalctl -n 40')).stdout);
    await sleep(300);
  }
  // Containers of its own want cgroups of their own.
  await must(
    'for d in /sys/fs/cgroup /sys/fs/cgroup/*/; do mount -o remount,bind,rw $d 2>/dev/null; done; true',
  );
}
