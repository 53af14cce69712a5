import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { cachedTool, REPOSITORY } from '../support/cache.ts';
import { which } from '../support/engine-install.ts';
import { searchPath } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

// Root file systems of base images, made from files of this machine, for there is no registry to pull any from.

const NODE = 'usr/local/bin/node';
const CA_CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** What a base of the distroless kind has: glibc and the C++ library, and next to nothing else. No Node, no shell. */
export function libraryRoot(): string {
  const root = temporaryFolder();
  const programs = [process.execPath, nativeLibrary()];
  for (const library of new Set(programs.flatMap(libraries))) put(root, library, library);
  fs.mkdirSync(path.join(root, 'etc'), { recursive: true });
  fs.writeFileSync(path.join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/sbin/nologin\n');
  fs.mkdirSync(path.join(root, 'tmp'), { mode: 0o1777 });
  return root;
}

/** What a base with Node has that something can be built in: npm, and a shell with its usual tools. */
export function buildRoot(): string {
  const root = libraryRoot();
  put(root, process.execPath, `/${NODE}`);
  const npm = path.resolve(fs.realpathSync(which('npm') ?? ''), '../..');
  fs.cpSync(npm, path.join(root, 'usr/local/lib/node_modules/npm'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  for (const name of ['npm', 'npx']) {
    fs.symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, path.join(root, 'usr/local/bin', name));
  }
  put(root, CA_CERTIFICATES, CA_CERTIFICATES);
  installBusybox(root);
  return root;
}

/** A folder with Node and the bundle, as the build stage leaves them: for builds that are not about that stage. */
export function builtRoot(): string {
  const root = temporaryFolder();
  put(root, process.execPath, `/${NODE}`);
  const packages = path.join(root, 'opt/docker-mtls/packages/cli');
  fs.mkdirSync(packages, { recursive: true });
  for (const file of packedFiles('dist/'))
    fs.cpSync(path.join(REPOSITORY, 'packages/cli', file), path.join(packages, file), {
      recursive: true,
      verbatimSymlinks: true,
    });
  const library = path.join(REPOSITORY, 'packages/registry/node_modules/libsql');
  copyPackage(fs.realpathSync(library), path.join(packages, 'node_modules'));
  return root;
}

/** What of the command line is published: without what only the compiler wants. */
function packedFiles(prefix: string): readonly string[] {
  const manifest = fs.readFileSync(path.join(REPOSITORY, 'packages/cli/package.json'), 'utf8');
  const { files } = JSON.parse(manifest) as { readonly files: readonly string[] };
  return files.filter((file) => file.startsWith(prefix));
}

/** A package and those beside it in pnpm's store, which are the ones that it needs. */
function copyPackage(folder: string, target: string): void {
  fs.cpSync(path.dirname(folder), target, { recursive: true, dereference: true, filter: isForGlibc });
}

function isForGlibc(file: string): boolean {
  return !file.includes('-musl');
}

/** The part of the bundle's only package that is no JavaScript. */
function nativeLibrary(): string {
  const libsql = fs.realpathSync(path.join(REPOSITORY, 'packages/registry/node_modules/libsql'));
  return path.join(libsql, `../@libsql/linux-${process.arch}-gnu/index.node`);
}

/** Files that a program or library is linked with, their loader among them. */
function libraries(program: string): readonly string[] {
  const said = execFileSync('ldd', [fs.realpathSync(program)], {
    encoding: 'utf8',
    env: { PATH: searchPath() },
  });
  return [...said.matchAll(/(?:=> |^\s+)(\/\S+) \(/gm)].map(([, file = '']) => file);
}

function put(root: string, source: string, target: string): void {
  const place = path.join(root, target);
  fs.mkdirSync(path.dirname(place), { recursive: true });
  fs.copyFileSync(fs.realpathSync(source), place);
}

function installBusybox(root: string): void {
  const busybox = cachedTool('busybox');
  if (busybox === undefined) throw new Error('no static busybox (scripts/fetch-engines)');
  put(root, busybox, '/bin/busybox');
  const applets = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n');
  for (const applet of applets.filter((name) => name !== 'busybox'))
    fs.symlinkSync('busybox', path.join(root, 'bin', applet));
  // Scripts of npm's packages begin with this.
  fs.mkdirSync(path.join(root, 'usr/bin'));
  fs.symlinkSync('/bin/env', path.join(root, 'usr/bin/env'));
}
