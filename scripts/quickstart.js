// Does the whole job in a new folder and proves it: against this machine's own dockerd where one can be started,
// else against a TLS server of openssl's that is configured from the daemon.json which was just written.
import { execFile, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startEngine } from './quickstart-engine/engine.js';
import { freePort } from './quickstart-engine/free-port.js';

const run = promisify(execFile);

const CLI = fileURLToPath(new URL('../packages/cli/dist/docker-mtls.cjs', import.meta.url));
// The tests try another build of the program.
const OTHER = process.env.DOCKER_MTLS_TEST_PROGRAM;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'docker-mtls-'));
const config = path.join(folder, 'daemon.json');
const bundle = path.join(folder, 'alice.tar.gz');
const port = await freePort();

say(`Everything happens in ${folder}.`);
say('An engine that somebody runs already, with settings of its own, which must survive:');
const old = { hosts: [`unix://${path.join(folder, 'docker.sock')}`], 'log-driver': 'json-file' };
fs.writeFileSync(config, `${JSON.stringify(old, null, 2)}\n`);
await show(['cat', config]);

say(
  'One command makes the CA, a pair for the engine, a pair for alice, the daemon.json and a bundle for alice:',
);
const secure = [
  'secure',
  'localhost',
  '--client',
  'alice',
  '--no-passphrase',
  '--ca-dir',
  path.join(folder, 'ca'),
];
secure.push('--config', config, '--listen', `127.0.0.1:${port}`, '--output', bundle);
await dockerMtls(...secure);

const engine = await startEngine({ config, folder });
try {
  say(`Now the engine is started with that daemon.json. It is ${engine.what}.`);
  say('The same command again: nothing is left to do but the proof.');
  const proof = await dockerMtls(...secure);
  if (!proof.includes('secured: ')) throw new Error('the proof failed');
  say('alice unpacks her bundle, and is served:');
  const home = path.join(folder, 'alice');
  await dockerMtls('unbundle', bundle, '--out', home);
  await askAsAlice(home);
} finally {
  await engine.stop();
}
say(`Done. Only clients with a certificate of this CA were served, by ${engine.what}.`);
say(`Look around in ${folder}, and delete it when you have seen enough.`);

function askAsAlice(home) {
  const env = {
    DOCKER_HOST: `tcp://localhost:${port}`,
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: home,
  };
  if (engine.isDocker && has('docker')) return show(['docker', 'version'], env);
  return show([process.execPath, fileURLToPath(new URL('./quickstart-engine/ask.js', import.meta.url))], env);
}

async function dockerMtls(...words) {
  console.log(`$ docker-mtls ${words.join(' ')}`);
  const [program, ...first] = OTHER === undefined ? [process.execPath, CLI] : [OTHER];
  const running = run(program, [...first, ...words], { cwd: folder });
  const { stdout, stderr, code = 0 } = await running.catch((error) => error);
  process.stdout.write(stderr + stdout);
  if (code !== 0) throw new Error(`docker-mtls ended with exit code ${code}`);
  return stdout;
}

async function show([command, ...args], env = {}) {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  console.log(`$ ${[...variables, path.basename(command), ...args].join(' ')}`);
  const { stdout } = await run(command, args, { env: { ...process.env, ...env } });
  process.stdout.write(stdout);
}

function has(command) {
  return spawnSync(command, ['--version']).status === 0;
}

function say(text) {
  console.log(`\n${text}`);
}
