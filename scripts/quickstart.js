// Does the whole job in a new folder and proves it: against this machine's own dockerd where one can be started,
// else against a small TLS server that is configured from the daemon.json which was just written.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEngine } from './quickstart-engine/engine.js';
import { freePort } from './quickstart-engine/free-port.js';

const CLI = fileURLToPath(new URL('../packages/cli/dist/docker-mtls.cjs', import.meta.url));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'docker-mtls-'));
const config = path.join(folder, 'daemon.json');
const bundle = path.join(folder, 'alice.tar.gz');
const port = await freePort();

say(`Everything happens in ${folder}.`);
say('An engine that somebody runs already, with settings of its own, which must survive:');
const old = { hosts: [`unix://${path.join(folder, 'docker.sock')}`], 'log-driver': 'json-file' };
fs.writeFileSync(config, `${JSON.stringify(old, null, 2)}\n`);
show('cat', config);

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
dockerMtls(...secure);

const engine = await startEngine({ config, folder });
try {
  say(`Now the engine is started with that daemon.json. It is ${engine.what}.`);
  say('The same command again: nothing is left to do but the proof.');
  const proof = dockerMtls(...secure);
  if (!proof.includes('secured: ')) throw new Error('the proof failed');
  say('alice unpacks her bundle, and is served:');
  const home = path.join(folder, 'alice');
  fs.mkdirSync(home, { mode: 0o700 });
  show('tar', '-xzf', bundle, '-C', home);
  askAsAlice(home);
} finally {
  await engine.stop();
}
say(`Done. Only clients with a certificate of this CA were served, by ${engine.what}.`);
say(`Look around in ${folder}, and delete it when you have seen enough.`);

function askAsAlice(home) {
  const env = {
    ...process.env,
    DOCKER_HOST: `tcp://localhost:${port}`,
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: home,
  };
  if (engine.isDocker && has('docker')) return show('docker', 'version', { env });
  return show(process.execPath, fileURLToPath(new URL('./quickstart-engine/ask.js', import.meta.url)), {
    env,
  });
}

function dockerMtls(...words) {
  console.log(`$ docker-mtls ${words.join(' ')}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...words], {
    encoding: 'utf8',
    cwd: folder,
  });
  process.stdout.write(stderr + stdout);
  if (status !== 0) throw new Error(`docker-mtls ended with exit code ${status}`);
  return stdout;
}

function show(...words) {
  const options = typeof words.at(-1) === 'object' ? words.pop() : {};
  const [command, ...args] = words;
  console.log(`$ ${path.basename(command)} ${args.join(' ')}`);
  process.stdout.write(execFileSync(command, args, { encoding: 'utf8', ...options }));
}

function has(command) {
  return spawnSync(command, ['--version']).status === 0;
}

function say(text) {
  console.log(`\n${text}`);
}
