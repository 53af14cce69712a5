// What all test files of one run share: a temporary folder, and a PATH with nothing but essential programs on it.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Folder names in the run's folder that are not made by tests. */
const PROGRAMS = 'programs';

/**
 * Makes the run's folder and points TMPDIR to it, so that what a test leaves behind is seen and goes with it.
 * Its path is short: that of a unix socket has at most 107 bytes.
 */
export function makeRunFolder(environment) {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'dmt-')));
  // Some tests work as another user, who needs a temporary folder too.
  fs.chmodSync(folder, 0o1777);
  environment.TMPDIR = folder;
  environment.DOCKER_MTLS_TEST_PATH = hostPath(environment);
  const essential = path.join(folder, PROGRAMS, 'essential');
  environment.PATH = linkEssentialPrograms(essential, environment.DOCKER_MTLS_TEST_PATH) ?? environment.PATH;
  return folder;
}

/** A folder with what every Debian has, git, and Node with npm. On another system nothing is known to be essential. */
export function linkEssentialPrograms(folder, searched) {
  const essential = essentialPrograms(searched);
  return essential.size === 0 ? undefined : linkPrograms(folder, essential);
}

/** Removes it, and returns what the tests left in it. */
export function removeRunFolder(folder) {
  const left = fs.readdirSync(folder).filter((name) => name !== PROGRAMS);
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  return left;
}

/** A folder with links to programs, by name. */
export function linkPrograms(folder, programs) {
  fs.mkdirSync(folder, { mode: 0o755, recursive: true });
  for (const [name, file] of programs) {
    try {
      fs.symlinkSync(file, path.join(folder, name));
    } catch (error) {
      // Another worker links the same programs.
      if (error.code !== 'EEXIST') throw error;
    }
  }
  return folder;
}

/** PATH with the administrator's folder next to each, which an ordinary user's PATH lacks on Debian. */
function hostPath({ PATH = '' }) {
  const own = PATH.split(':').filter((folder) => folder !== '');
  const administrators = own
    .filter((folder) => folder.endsWith('/bin'))
    .map((folder) => folder.replace(/bin$/, 'sbin'));
  return [...new Set([...own, ...administrators])].join(':');
}

function essentialPrograms(searched) {
  const files = debianEssentialFiles();
  if (files.length === 0) return new Map();
  const folders = searched.split(':');
  const named = ALTERNATIVES.map((name) =>
    folders.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file)),
  );
  const found = [...files, ...named].filter((file) => file !== undefined);
  return new Map([...found.map((file) => [path.basename(file), file]), ['node', process.execPath]]);
}

/** Programs that no essential package holds under this name, since the administrator chooses among several. */
const ALTERNATIVES = ['awk', 'which', 'git', 'npm', 'npx'];

function debianEssentialFiles() {
  try {
    const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    const packages = execFileSync('dpkg-query', ['-W', '-f', '${Essential} ${Package}\n'], options);
    const essential = packages.split('\n').filter((line) => line.startsWith('yes '));
    const names = essential.map((line) => line.slice('yes '.length));
    const files = execFileSync('dpkg-query', ['-L', ...names], options).split('\n');
    return files.filter((file) => /^(?:\/usr)?\/s?bin\/[^/]+$/.test(file) && fs.existsSync(file));
  } catch {
    return [];
  }
}
