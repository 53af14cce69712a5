import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sourceFacts } from '../source-facts.js';
import { control, debianVersion } from './control.js';
import { packageFiles } from './files.js';

/** What Debian calls an architecture, and what Node does. */
export const DEBIAN_ARCHITECTURES = { amd64: 'x64', arm64: 'arm64' };

const HERE = path.join('scripts', 'debian-package');
const SCRIPTS = { prerm: 0o755, postinst: 0o755, postrm: 0o755, triggers: 0o644 };

/**
 * Makes a Debian package of an executable in the folder `executables`, and returns its file in the folder `target`.
 * The same sources make the same bytes, by the same dpkg-deb, whose compression can be chosen by its own variables.
 */
export async function buildDebianPackage({ root, architecture, executables, target }) {
  const facts = sourceFacts(root);
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'docker-mtls-'));
  try {
    const tree = path.join(work, 'tree');
    for (const file of await packageFiles(root, executables, DEBIAN_ARCHITECTURES[architecture]))
      place(tree, file);
    const size = kilobytes(tree);
    place(tree, { name: 'DEBIAN/control', text: control({ architecture, size, version: facts.version }) });
    for (const [name, mode] of Object.entries(SCRIPTS))
      place(tree, { name: `DEBIAN/${name}`, text: fs.readFileSync(path.join(root, HERE, name)), mode });
    place(tree, { name: 'DEBIAN/md5sums', text: sums(tree) });
    setTimes(tree, facts.released);
    const name = `docker-mtls_${debianVersion(facts.version)}_${architecture}.deb`;
    pack(tree, path.join(target, name), facts.released);
    return path.join(target, name);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

function place(tree, { name, text, copyOf, link, mode = 0o644 }) {
  const file = path.join(tree, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (link !== undefined) return fs.symlinkSync(link, file);
  if (copyOf === undefined) fs.writeFileSync(file, text);
  else fs.copyFileSync(copyOf, file, fs.constants.COPYFILE_FICLONE);
  fs.chmodSync(file, mode);
}

/** As dpkg counts: each file in whole kilobytes, a folder or link as one. */
function kilobytes(tree) {
  const sizes = entriesOf(tree).map(([, entry]) => (entry.isFile() ? Math.ceil(entry.size / 1024) : 1));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function sums(tree) {
  const files = entriesOf(tree).filter(([name, entry]) => entry.isFile() && !name.startsWith('DEBIAN/'));
  const names = files.map(([name]) => name);
  return execFileSync('md5sum', names, { cwd: tree, encoding: 'utf8' });
}

/** Modes of folders are set too: those of the one who builds are not asked for. */
function setTimes(tree, moment) {
  for (const [name, entry] of entriesOf(tree).toReversed()) {
    if (entry.isDirectory()) fs.chmodSync(path.join(tree, name), 0o755);
    fs.lutimesSync(path.join(tree, name), moment, moment);
  }
  fs.chmodSync(tree, 0o755);
  fs.utimesSync(tree, moment, moment);
}

function entriesOf(tree) {
  return fs
    .readdirSync(tree, { recursive: true })
    .toSorted()
    .map((name) => [name, fs.lstatSync(path.join(tree, name))]);
}

/** xz is what every dpkg reads; on Ubuntu dpkg-deb alone would choose zstd. */
function pack(tree, file, moment) {
  const env = {
    DPKG_DEB_COMPRESSOR_TYPE: 'xz',
    ...process.env,
    SOURCE_DATE_EPOCH: String(moment.getTime() / 1000),
  };
  const partial = `${file}.partial`;
  execFileSync('dpkg-deb', ['--root-owner-group', '--build', tree, partial], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  fs.renameSync(partial, file);
}
