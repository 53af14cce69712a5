import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { largestMemoryIn, largestMemoryTo } from './largest-memory.js';

const CLI = fileURLToPath(new URL('../../packages/cli/dist/docker-mtls.cjs', import.meta.url));
const ENGINE = fileURLToPath(new URL('./engine-like.js', import.meta.url));
const TARGET_SECONDS = 60;

/**
 * Seconds that doctor takes for so many engines, and its largest memory in MB. They are one server with mutual TLS, which
 * has every address of the loopback network, and doctor has a client that it accepts.
 */
export async function measureDoctor(count, folder) {
  const ca = path.join(folder, 'doctor-ca');
  for (const words of [
    ['init-ca', '--no-passphrase'],
    ['issue-server', 'localhost'],
    ['issue-client', 'alice'],
  ])
    run([...words, '--ca-dir', ca]);
  const engine = spawn(process.execPath, [ENGINE, path.join(ca, 'servers/localhost')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = await once(engine.stdout, 'data');
    const list = path.join(folder, 'engines.txt');
    const targets = Array.from({ length: count }, (_, n) => `tcp://${address(n)}:${Number(port)}\n`);
    fs.writeFileSync(list, targets.join(''));
    return { count, ...measure(list, ca), target: TARGET_SECONDS };
  } finally {
    engine.kill();
  }
}

/** 127.0.0.1, 127.0.0.2 … 127.0.1.0 and so on. */
function address(n) {
  return `127.0.${Math.floor((n + 1) / 256)}.${(n + 1) % 256}`;
}

function measure(list, ca) {
  const start = performance.now();
  const memory = `${list}.memory`;
  const { options, env } = largestMemoryTo(memory);
  const words = [...options, CLI, 'doctor', '--targets', list, '--ca-dir', ca, '--json'];
  const { stdout, status } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 30,
  });
  const seconds = (performance.now() - start) / 1000;
  const { targets } = JSON.parse(stdout);
  const reached = targets.filter(({ failed }) => failed === undefined).length;
  return { seconds, megabytes: Math.round(largestMemoryIn(memory)), reached, status };
}

function run(words) {
  const { status, stderr } = spawnSync(process.execPath, [CLI, ...words], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${words[0]}: ${stderr}`);
}
