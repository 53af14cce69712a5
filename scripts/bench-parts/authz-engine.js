import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../quickstart-engine/free-port.js';

const CLI = fileURLToPath(new URL('../../packages/cli/dist/docker-mtls.cjs', import.meta.url));
const ALLOWING = fileURLToPath(new URL('./allowing-plugin.js', import.meta.url));
const READY_WITHIN = 60_000;

/** Its sockets in /run are its own, and it finds the plugin there. */
const OWN_RUN = `mount -t tmpfs tmpfs /run && mkdir -p /run/docker/plugins && ln -s "$0" /run/docker/plugins/bench.sock && exec "$@"`;

/** The dockerd of the tests' cache, or the machine's own. */
export function findDockerd() {
  const tree = path.join(process.env.DOCKER_MTLS_TEST_CACHE ?? '', 'engines/28.5/usr');
  const isCached = fs.existsSync(path.join(tree, 'sbin/dockerd'));
  return { PATH: [...(isCached ? [`${tree}/sbin`, `${tree}/bin`] : []), process.env.PATH].join(':') };
}

/** An engine with TLS whose every request is decided by a plugin: docker-mtls under that policy, or one that allows. */
export async function startEngine(name, { ca, folder, policy }) {
  const home = path.join(folder, `authz-${name}`);
  fs.mkdirSync(home);
  const [engine, socket] = [path.join(home, 'e.sock'), path.join(home, 's/p.sock')];
  fs.mkdirSync(path.dirname(socket), { mode: 0o700 });
  const plugin =
    policy === undefined ? await startAllowing(socket) : await startOwn({ ca, home, socket, engine, policy });
  const port = await freePort();
  const config = path.join(home, 'daemon.json');
  fs.writeFileSync(config, JSON.stringify(daemonJson({ ca, home, engine, port })));
  const words = ['--mount', '--pid', '--fork', '--mount-proc', '--kill-child', 'sh', '-c', OWN_RUN, socket];
  const log = fs.openSync(path.join(home, 'log'), 'w');
  const dockerd = spawn('unshare', [...words, 'dockerd', '--config-file', config], {
    stdio: ['ignore', log, log],
    env: findDockerd(),
  });
  await answers(engine, dockerd, home);
  return { port, pid: plugin.pid, stop: () => stop([dockerd, plugin]) };
}

function daemonJson({ ca, home, engine, port }) {
  const server = (file) => path.join(ca, 'servers/localhost', file);
  return {
    hosts: [`unix://${engine}`, `tcp://127.0.0.1:${port}`],
    tlsverify: true,
    tlscacert: server('ca.pem'),
    tlscert: server('server-cert.pem'),
    tlskey: server('server-key.pem'),
    'authorization-plugins': ['bench'],
    'data-root': path.join(home, 'data'),
    'exec-root': path.join(home, 'x'),
    pidfile: path.join(home, 'pid'),
    bridge: 'none',
    iptables: false,
    ip6tables: false,
    'ip-forward': false,
    'storage-driver': 'vfs',
  };
}

async function startAllowing(socket) {
  const plugin = spawn(process.execPath, [ALLOWING, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(plugin.stdout, 'data');
  return plugin;
}

async function startOwn({ ca, home, socket, engine, policy }) {
  const file = path.join(home, 'policy.yaml');
  fs.writeFileSync(file, policy);
  const words = [
    '--policy',
    file,
    '--socket',
    socket,
    '--audit',
    path.join(home, 'audit'),
    '--ca-dir',
    ca,
    '--engine',
    engine,
  ];
  const plugin = spawn(process.execPath, [CLI, 'authz', 'serve', ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for (let text = ''; !text.includes('ready');) text += String((await once(plugin.stderr, 'data'))[0]);
  plugin.stderr.resume();
  return plugin;
}

async function answers(socket, dockerd, home) {
  for (const end = Date.now() + READY_WITHIN; Date.now() < end; await sleep(50)) {
    if (dockerd.exitCode !== null) break;
    if (await connects(socket)) return;
  }
  throw new Error(
    `the engine does not start:\n${fs.readFileSync(path.join(home, 'log'), 'utf8').slice(-2000)}`,
  );
}

function connects(socket) {
  return new Promise((resolve) => {
    const connection = net.connect(socket);
    connection.once('connect', () => resolve(true)).once('error', () => resolve(false));
    connection.once('connect', () => connection.destroy());
  });
}

async function stop(processes) {
  for (const each of processes) {
    const ended = once(each, 'exit');
    each.kill('SIGKILL');
    await ended;
  }
}

export function run(words) {
  const { status, stderr } = spawnSync(process.execPath, [CLI, ...words], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${words[0]}: ${stderr}`);
}
