import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bundleForExecutable } from './bundle.js';
import { licencesText } from './licences.js';
import { executableParts } from './parts.js';
import { withoutVariables } from './without-variables.js';

export const ARCHITECTURES = ['x64', 'arm64'];
export const LICENCES = 'docker-mtls-linux-licenses.txt';

// What a program says is shown with the error, when it fails.
const QUIET = ['ignore', 'pipe', 'pipe'];
const SENTINEL = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** The name of the executable of an architecture, as Node calls it. */
export function executableName(architecture) {
  return `docker-mtls-linux-${architecture}`;
}

/**
 * Writes an executable for each architecture, and one file with the licences of all that is in them. Returns what
 * esbuild put into the program, by file.
 */
export async function buildExecutables(root, target, architectures) {
  const parts = executableParts(root);
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'docker-mtls-'));
  try {
    const bundle = await bundleForExecutable(root);
    makeBlob(root, work, bundle.parts, parts.node(os.arch()));
    fs.mkdirSync(target, { recursive: true });
    for (const each of architectures) assemble(path.join(target, executableName(each)), each, work, parts);
    fs.writeFileSync(path.join(target, LICENCES), licencesText(root, bundle.metafile, parts));
    return bundle.metafile;
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/** The program in the form that Node finds in its own file. Names are relative: the blob keeps that of `main`. */
function makeBlob(root, work, parts, node) {
  const names = Object.keys(parts);
  for (const name of names) fs.writeFileSync(path.join(work, name), parts[name]);
  fs.copyFileSync(path.join(root, 'scripts/executable/load-parts.cjs'), path.join(work, 'docker-mtls.cjs'));
  const config = {
    main: 'docker-mtls.cjs',
    output: 'program.blob',
    assets: Object.fromEntries(names.map((name) => [name, name])),
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
  fs.writeFileSync(partial, withoutVariables(fs.readFileSync(parts.node(architecture))), { mode: 0o755 });
  fs.chmodSync(partial, 0o755);
  execFileSync(
    process.execPath,
    [parts.postject, partial, 'NODE_SEA_BLOB', path.join(work, 'program.blob'), '--sentinel-fuse', SENTINEL],
    { stdio: QUIET },
  );
  fs.renameSync(partial, file);
}
