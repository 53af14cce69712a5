import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_WITHIN = 10_000;

/**
 * A stand-in for the engine's TLS endpoint, configured from the daemon.json alone: `openssl s_server`, which rejects a
 * client during the handshake as an engine does (a TLS server of Node's only hangs up). It answers `/_ping` and nothing
 * else: it shows who gets in, not what an engine does.
 */
export async function startStandIn({ config, folder, why }) {
  if (spawnSync('openssl', ['version']).status !== 0)
    throw new Error(`no real engine (${why}), and no openssl to stand in for one`);
  const { hosts, tlscacert, tlscert, tlskey } = JSON.parse(fs.readFileSync(config, 'utf8'));
  const address = new URL(hosts.find((host) => host.startsWith('tcp://')));
  const pages = path.join(folder, 'stand-in');
  fs.mkdirSync(pages);
  fs.writeFileSync(path.join(pages, '_ping'), 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK');
  const files = ['-CAfile', tlscacert, '-cert', tlscert, '-key', tlskey];
  const clients = ['-Verify', '1', '-verify_return_error', '-no-CApath', '-no-CAstore'];
  const server = spawn(
    'openssl',
    ['s_server', '-HTTP', '-quiet', '-accept', address.host, ...files, ...clients],
    {
      cwd: pages,
      stdio: 'ignore',
    },
  );
  const ended = new Promise((resolve) => server.once('close', resolve));
  const stop = async () => {
    server.kill('SIGKILL');
    await ended;
  };
  await ready(address).catch(async (error) => {
    await stop();
    throw error;
  });
  return {
    what: `a stand-in for the engine's TLS endpoint, configured from that file (no real engine: ${why})`,
    isDocker: false,
    stop,
  };
}

async function ready({ hostname, port }) {
  const deadline = Date.now() + READY_WITHIN;
  while (!(await answers(hostname, Number(port)))) {
    if (Date.now() > deadline) throw new Error('the stand-in did not start');
    await sleep(50);
  }
}

function answers(host, port) {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.end(() => resolve(true)));
  });
}
