// Builds the single executables: Node with the program in it, one file for each platform.
//
//   node scripts/executable.js DIR [x64|arm64 …]     # DIR/docker-mtls-linux-x64, …
//
// Node and the tool that changes it are those of scripts/executable/package-lock.json; npm checks their hashes, and they
// are kept in the folder of the tests' downloads ($DOCKER_MTLS_TEST_CACHE, else .cache).
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleForExecutable } from './executable/bundle.js';
import { executableParts } from './executable/parts.js';
import { withoutCompileCache } from './executable/without-compile-cache.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ARCHITECTURES = ['x64', 'arm64'];
// What a program says is shown with the error, when it fails.
const QUIET = ['ignore', 'pipe', 'pipe'];
const SENTINEL = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

const [folder, ...wanted] = process.argv.slice(2);
if (folder === undefined || wanted.some((each) => !ARCHITECTURES.includes(each))) {
  console.error('usage: node scripts/executable.js DIR [x64|arm64 …]');
  process.exit(2);
}
await buildExecutables(path.resolve(folder), wanted.length > 0 ? wanted : ARCHITECTURES);

async function buildExecutables(target, architectures) {
  const parts = executableParts(ROOT);
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'docker-mtls-'));
  try {
    await bundleForExecutable(ROOT, path.join(work, 'docker-mtls.cjs'));
    makeBlob(work, parts.node(os.arch()));
    fs.mkdirSync(target, { recursive: true });
    for (const each of architectures)
      assemble(path.join(target, `docker-mtls-linux-${each}`), each, work, parts);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/** The program in the form that Node finds in its own file. Names are relative: the blob keeps that of `main`. */
function makeBlob(work, node) {
  const config = {
    main: 'docker-mtls.cjs',
    output: 'program.blob',
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    useCodeCache: false,
    // Neither NODE_OPTIONS nor OPENSSL_CONF can have it load code.
    execArgvExtension: 'none',
    execArgv: ['--openssl-config=/dev/null'],
  };
  fs.writeFileSync(path.join(work, 'sea.json'), JSON.stringify(config));
  execFileSync(node, ['--experimental-sea-config', 'sea.json'], { cwd: work, stdio: QUIET });
}

/** Puts the blob into a copy of Node, under another name until it is complete. */
function assemble(file, architecture, work, parts) {
  const partial = `${file}.partial`;
  fs.writeFileSync(partial, withoutCompileCache(fs.readFileSync(parts.node(architecture))), { mode: 0o755 });
  fs.chmodSync(partial, 0o755);
  execFileSync(
    process.execPath,
    [parts.postject, partial, 'NODE_SEA_BLOB', path.join(work, 'program.blob'), '--sentinel-fuse', SENTINEL],
    { stdio: QUIET },
  );
  fs.renameSync(partial, file);
}
