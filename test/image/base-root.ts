import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { asDeveloper } from '../executable/executable.ts';
import { CACHE, REPOSITORY } from '../support/cache.ts';
import { hostPath, which } from '../support/engine-install.ts';
import { output } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

const ONCE = '[ -e "$1.complete" ] || { "$0" "$1" && touch "$1.complete"; }';

/** What the build stage leaves, made outside of a container: for builds that are not about that stage. */
export async function imageRoot(): Promise<string> {
  // Next to the programs of the run, for all its test files.
  const folder = path.join(os.tmpdir(), 'programs', 'image');
  fs.mkdirSync(folder, { recursive: true });
  const script = path.join(REPOSITORY, 'scripts/image-root');
  const words = [`${folder}.lock`, 'sh', '-c', ONCE, script, path.join(folder, 'image')];
  const { code, stderr } = await asDeveloper('flock', words, { PATH: hostPath() });
  if (code !== 0) throw new Error(`the root of the image was not made:\n${stderr}`);
  return folder;
}

/** What an image has that things are built in: the Debian of the hosts that boot, without an engine, and Node with npm. */
export async function buildRoot(): Promise<string> {
  const root = temporaryFolder();
  const made = await output(path.join(REPOSITORY, 'test/host/make-root'), [path.join(CACHE, 'host')], {
    env: { PATH: hostPath() },
    timeout: 600_000,
  });
  const left = ['docker*', 'containerd*', 'ctr', 'runc'].map((name) => `--exclude=./usr/*bin/${name}`);
  const copy = 'from=$1 to=$2; shift 2; tar -c -C "$from" "$@" . | tar -x -C "$to"';
  await output('sh', ['-c', copy, 'sh', made.trim(), root, ...left], { timeout: 600_000 });
  installNode(path.join(root, 'usr/local'));
  // The machine's own, which may know one more.
  const certificates = 'etc/ssl/certs/ca-certificates.crt';
  fs.copyFileSync(`/${certificates}`, path.join(root, certificates));
  return root;
}

/** Node and npm as they are on this machine, where an image of Node has them. */
function installNode(local: string): void {
  fs.copyFileSync(process.execPath, path.join(local, 'bin/node'));
  const npm = path.resolve(fs.realpathSync(which('npm') ?? ''), '../..');
  fs.cpSync(npm, path.join(local, 'lib/node_modules/npm'), { recursive: true, verbatimSymlinks: true });
  for (const name of ['npm', 'npx'])
    fs.symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, path.join(local, 'bin', name));
}
