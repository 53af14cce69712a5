import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CACHE, REPOSITORY } from '../support/cache.ts';
import { onCleanup } from '../support/cleanup.ts';
import { BUNDLE } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { which } from '../support/engine-install.ts';
import { output, run, searchPath, type Finished } from '../support/run.ts';
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
const NEEDED = ['systemd-nspawn', 'debootstrap', 'ip', 'nsenter', 'setpriv', 'flock'];
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const BOOTED_WITHIN = 90_000;

/** Why no host can boot here, in words that tell what to do; undefined when one can. */
export function hostObstacle(version: HostEngine): string | undefined {
  if (process.getuid?.() !== 0) return 'not root';
  const missing = NEEDED.filter((program) => which(program) === undefined);
  if (missing.length > 0) return `no ${missing.join(', ')} (debootstrap, systemd-container, iproute2)`;
  const engine = path.join(CACHE, 'engines', version);
  return version === '20.10' || fs.existsSync(engine) ? undefined : `no ${engine} (scripts/fetch-engines)`;
}

/** Boots a fresh host with that generation of the engine; it ends with the test file. */
export async function bootHost(version: HostEngine): Promise<Host> {
  const made = await output(path.join(REPOSITORY, 'test/host/make-root'), [path.join(CACHE, 'host')], {
    timeout: 600_000,
  });
  const root = mountRoot(version, made.trim());
  fs.writeFileSync(path.join(root, 'etc/hostname'), 'node1\n');
  const { name, address } = connect();
  const leader = await start(root, name);
  const host = hostOf(root, address, leader);
  await becomeReady(host);
  return host;
}

/** A copy on write, in memory: the newer engines lie over what the packages installed. */
function mountRoot(version: HostEngine, base: string): string {
  const folder = temporaryFolder();
  const root = path.join(folder, 'root');
  mount('tmpfs', folder, 'tmpfs', 'mode=755');
  onCleanup(() => void execFileSync('umount', ['--lazy', folder]));
  for (const part of ['upper', 'work', 'root']) fs.mkdirSync(path.join(folder, part));
  const engine = version === '20.10' ? [] : [path.join(CACHE, 'engines', version)];
  const lower = [...engine, base].join(':');
  const options = `lowerdir=${lower},upperdir=${folder}/upper,workdir=${folder}/work`;
  mount('overlay', root, 'overlay', options);
  onCleanup(() => void execFileSync('umount', ['--lazy', root]));
  return root;
}

function mount(type: string, target: string, source: string, options: string): void {
  execFileSync('mount', ['-t', type, '-o', options, source, target]);
}

/** A network of the host's own, and a cable to it. */
function connect(): { readonly name: string; readonly address: string } {
  const [a = 0, b = 0] = randomBytes(2);
  // A network of an earlier host may still be on its way out.
  const name = `dm${process.pid % 10000}-${a}-${b}`;
  const net = `10.${a}.${b}`;
  ip('netns', 'add', name);
  onCleanup(() => ip('netns', 'delete', name));
  ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'host0', 'netns', name);
  ip('address', 'add', `${net}.1/24`, 'dev', name);
  onCleanup(() => ip('link', 'delete', name));
  ip('link', 'set', name, 'up');
  ip('-n', name, 'address', 'add', `${net}.2/24`, 'dev', 'host0');
  for (const device of ['host0', 'lo']) ip('-n', name, 'link', 'set', device, 'up');
  // The engine switches it on when it starts, and inside of the host it cannot: systemd-nspawn has /proc/sys read-only.
  ip('netns', 'exec', name, 'sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward');
  return { name, address: `${net}.2` };
}

function ip(...words: readonly string[]): void {
  execFileSync('ip', words, { env: { PATH: searchPath() } });
}

async function start(root: string, network: string): Promise<number> {
  const nspawn = ['setpriv', '--pdeathsig', 'KILL', 'systemd-nspawn', ...machineOptions(root, network)];
  onCleanup(() => removeCgroup(network));
  const child = spawn(IN_OWN_CGROUP, [network, ...nspawn], {
    stdio: 'ignore',
    env: { PATH: searchPath() },
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let booted: number | undefined;
  onCleanup(async () => {
    // The host's first process outlives systemd-nspawn; with it goes all that runs in the host.
    if (booted !== undefined && isIn(root, booted)) process.kill(booted, 'SIGKILL');
    child.kill('SIGKILL');
    await ended;
  });
  for (let tries = 0; tries < 100; tries += 1) {
    const leader = childOf(child.pid);
    if (leader !== undefined && isIn(root, leader)) {
      booted = leader;
      return leader;
    }
    await sleep(100);
  }
  throw new Error('the host did not start');
}

/** What ran in it was killed a moment ago, and may be there for another one. */
function removeCgroup(name: string): Promise<void> {
  return eventually(() => void execFileSync(IN_OWN_CGROUP, ['--remove', name], { stdio: 'pipe' }));
}

function machineOptions(root: string, network: string): readonly string[] {
  const readOnly = [
    `${fs.realpathSync(process.execPath)}:/usr/local/bin/node`,
    path.join(REPOSITORY, 'packages/cli'),
    path.join(REPOSITORY, 'node_modules'),
  ];
  return [
    '--quiet',
    '--boot',
    '--register=no',
    '--keep-unit',
    `--directory=${root}`,
    `--network-namespace-path=/run/netns/${network}`,
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

/** Nothing may ever run on the test's own machine by mistake. */
function isIn(root: string, pid: number): boolean {
  const marker = path.join('etc', `test-${process.pid}`);
  fs.writeFileSync(path.join(root, marker), '');
  return fs.existsSync(path.join(`/proc/${pid}/root`, marker));
}

function hostOf(root: string, address: string, leader: number): Host {
  const prefix = ['nsenter', '--target', `${leader}`, '--all', 'env', '-i', `PATH=${PATH}`, 'HOME=/root'];
  const inside = (args: readonly string[]): Promise<Finished> => {
    if (!isIn(root, leader)) throw new Error('the host is gone');
    const [program = '', ...words] = [...prefix, ...args];
    return run(program, words, { timeout: 180_000 });
  };
  const shell = (script: string): Promise<Finished> => inside(['sh', '-c', script]);
  return {
    address,
    prefix,
    outside: (file) => path.join(root, file),
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
    if (Date.now() > end) throw new Error((await shell('systemctl status docker; journalctl -n 40')).stdout);
    await sleep(300);
  }
  // Containers of its own want cgroups of their own.
  await must(
    'for d in /sys/fs/cgroup /sys/fs/cgroup/*/; do mount -o remount,bind,rw $d 2>/dev/null; done; true',
  );
}
