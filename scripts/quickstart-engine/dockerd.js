import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE = 20_000;

/** Starts this machine's dockerd with its own folders and no network of its own; `{ refusal }` where that fails. */
export async function startDockerd({ config, folder }) {
  const version = spawnSync('dockerd', ['--version'], { encoding: 'utf8' });
  if (version.status !== 0) return { refusal: 'there is no dockerd on this machine' };
  const log = path.join(folder, 'dockerd.log');
  const dockerd = spawn('dockerd', flags(config, folder), {
    stdio: ['ignore', fs.openSync(log, 'w'), fs.openSync(log, 'a')],
  });
  const { hosts } = JSON.parse(fs.readFileSync(config, 'utf8'));
  const socket = hosts.find((host) => host.startsWith('unix://')).slice('unix://'.length);
  if (await answers(dockerd, socket)) {
    return { what: `a real engine (${version.stdout.trim()})`, isDocker: true, stop: () => stop(dockerd) };
  }
  await stop(dockerd);
  return { refusal: `dockerd did not start here (its words are in ${log})` };
}

function flags(config, folder) {
  const at = (name) => path.join(folder, 'engine', name);
  const own = {
    'config-file': config,
    'data-root': at('data'),
    'exec-root': at('exec'),
    pidfile: at('docker.pid'),
  };
  const bare = { bridge: 'none', iptables: 'false', ip6tables: 'false', 'storage-driver': 'vfs' };
  return Object.entries({ ...own, ...bare }).map(([name, value]) => `--${name}=${value}`);
}

async function answers(dockerd, socket) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(100)) {
    if (dockerd.exitCode !== null) return false;
    if (await isServed(socket)) return true;
  }
  return false;
}

/** The engine takes connections seconds before it answers any of them. */
function isServed(socketPath) {
  return new Promise((resolve) => {
    const request = http.get({ socketPath, path: '/_ping', timeout: PATIENCE }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('error', () => resolve(false));
    request.once('timeout', () => request.destroy());
  });
}

async function stop(dockerd) {
  if (dockerd.exitCode !== null) return;
  const ended = new Promise((resolve) => void dockerd.once('exit', resolve));
  dockerd.kill('SIGTERM');
  await Promise.race([ended, sleep(PATIENCE, undefined, { ref: false })]);
}
