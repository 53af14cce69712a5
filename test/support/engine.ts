import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onCleanup } from './cleanup.ts';
import { findEngine, NAME_SPACES, type EngineInstall, type EngineVersion } from './engine-install.ts';
import { temporaryFolder } from './temp.ts';

/** A Docker engine that runs for a test. */
export type Engine = {
  /** What it really is, such as `26.1.5+dfsg1`. */
  readonly version: string;
  /** The process of dockerd itself, as this machine counts. */
  readonly pid: number;
  /** A path to the local socket that `daemon.json` names. */
  readonly socket: string;
  /** All that it has said so far. */
  readonly log: () => string;
  /** Ends it with all its containers. A second call does nothing. */
  readonly stop: () => Promise<void>;
};

/** Which engine, and the daemon.json that it is to use, byte for byte: listeners and TLS come from there. */
export type EngineOptions = {
  readonly version: EngineVersion;
  readonly configFile: string;
  /** Flags as somebody else's script passes them, listeners and TLS included where daemon.json has none. */
  readonly flags?: readonly string[];
  /** The socket of an authorization plugin that is to be called docker-mtls. */
  readonly plugin?: string;
};

const READY_WITHIN = 90_000;
const STOPPED_WITHIN = 15_000;

/**
 * Starts a dockerd of its own and waits until its local socket answers; it stops with the test file at the latest.
 * Throws, with the engine's log, when it ends before that: `EngineRefused` is then what it said.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const install = findEngine(options.version);
  if (install === undefined) throw new Error(`no engine ${options.version} here`);
  const { configFile, flags = [], plugin = '' } = options;
  const config = readConfig(configFile, flags);
  const daemon = launch(install, configFile, { ...config, plugin });
  onCleanup(daemon.stop);
  await ready(daemon, () => reachable(config.socket, daemon.child));
  const socket = reachable(config.socket, daemon.child);
  return {
    version: install.version,
    pid: daemonPid(daemon.child),
    socket,
    log: daemon.log,
    stop: daemon.stop,
  };
}

/** The engine ended instead of serving; the message carries its log. */
export class EngineRefused extends Error {
  override readonly name: string = 'EngineRefused';
}

type Daemon = {
  readonly child: ChildProcess;
  readonly log: () => string;
  readonly stop: () => Promise<void>;
  readonly ended: () => boolean;
};

type Config = {
  readonly socket: string;
  readonly keys: readonly string[];
  readonly flags: readonly string[];
};

type LaunchConfig = Config & { readonly plugin: string };

function launch(install: EngineInstall, configFile: string, config: LaunchConfig): Daemon {
  const home = temporaryFolder();
  const chunks: Buffer[] = [];
  const dockerd = [install.dockerd, ...daemonFlags(configFile, home, config.keys), ...config.flags];
  const command = ['unshare', ...NAME_SPACES, 'sh', '-c', OWN_FOLDERS, home, ...dockerd];
  // The signal of a dying parent: an engine never outlives the test process, even when that is killed.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
    env: { PATH: install.path, HOME: home, TMPDIR: home, PLUGIN: config.plugin },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const exit = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  let over = false;
  void exit.then(() => (over = true));
  const log = (): string => Buffer.concat(chunks).toString('utf8');
  return { child, log, ended: () => over, stop: () => stop(child, exit, () => over) };
}

/** Flags that keep engines out of each other's way and away from the machine's network; one that daemon.json sets gives way. */
function daemonFlags(configFile: string, home: string, keys: readonly string[]): string[] {
  const own: Readonly<Record<string, string>> = {
    'data-root': path.join(home, 'data'),
    'exec-root': path.join(home, 'x'),
    pidfile: path.join(home, 'pid'),
    bridge: 'none',
    iptables: 'false',
    ip6tables: 'false',
    'ip-forward': 'false',
    'storage-driver': 'vfs',
  };
  const flags = Object.entries(own).filter(([key]) => !keys.includes(key));
  return ['--config-file', configFile, ...flags.map(([key, value]) => `--${key}=${value}`)];
}

/**
 * What an engine writes outside of its data root stays its own: sockets in /run, a key in /etc/docker (20.10) and
 * containerd's folder in /opt. Where there are no overlays, only /run does.
 */
const OWN_FOLDERS = `
mount -t tmpfs -o mode=755 tmpfs /run || exit
own=$0/own
mkdir "$own" && mount -t tmpfs -o mode=755 tmpfs "$own" || exit
for each in etc opt; do
  mkdir "$own/$each" "$own/$each.work"
  mount -t overlay -o "lowerdir=/$each,upperdir=$own/$each,workdir=$own/$each.work" overlay "/$each" 2>/dev/null
done
if [ -n "$PLUGIN" ]; then
  mkdir -p /run/docker/plugins && ln -s "$PLUGIN" /run/docker/plugins/docker-mtls.sock || exit
fi
exec "$@"
`;

function isHidden(socket: string): boolean {
  return /^\/(?:var\/)?run\//u.test(socket);
}

/** The path by which a socket can be reached from outside: /var/run is a link, and would lead out of the name space. */
function reachable(socket: string, child: ChildProcess): string {
  return isHidden(socket) ? `/proc/${daemonPid(child)}/root${socket.replace(/^\/var/u, '')}` : socket;
}

function readConfig(configFile: string, flags: readonly string[]): Config {
  const config = JSON.parse(fs.readFileSync(configFile, 'utf8')) as { readonly hosts?: readonly string[] };
  const hosts = config.hosts ?? flags.map((flag) => flag.replace(/^--host=/, ''));
  const socket = hosts.find((host) => host.startsWith('unix://'))?.slice('unix://'.length);
  if (socket === undefined) throw new Error(`${configFile}: no unix socket among "hosts"`);
  return { socket, keys: Object.keys(config), flags };
}

async function ready(daemon: Daemon, socket: () => string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN;
  while (!(await answers(socket))) {
    if (daemon.ended()) throw new EngineRefused(`the engine ended:\n${daemon.log()}`);
    if (Date.now() > deadline) throw new Error(`no answer within ${READY_WITHIN} ms:\n${daemon.log()}`);
    await sleep(50);
  }
}

async function answers(socket: () => string): Promise<boolean> {
  try {
    return await ping(socket());
  } catch {
    // Its process is not there yet, or no longer.
    return false;
  }
}

function ping(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get({ socketPath, path: '/_ping', timeout: 10_000, agent: false }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode === 200));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}

/** `unshare` waits outside; the only child that it has is the dockerd. */
function daemonPid(child: ChildProcess): number {
  const children = fs.readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
  const pid = Number(children.trim());
  // 0 would be this very process group.
  if (!Number.isInteger(pid) || pid < 2) throw new Error(`no dockerd below process ${child.pid}`);
  return pid;
}

async function stop(child: ChildProcess, exit: Promise<void>, over: () => boolean): Promise<void> {
  if (over()) return;
  if (child.exitCode === null && child.signalCode === null) process.kill(daemonPid(child), 'SIGTERM');
  await Promise.race([exit, sleep(STOPPED_WITHIN, undefined, { ref: false })]);
  // Ending the outer process takes the whole name space with it.
  if (!over()) child.kill('SIGKILL');
  await exit;
}
