// Bundles the command line into one file that starts fast, and lays beside it what else the published package needs.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { noticesOf } from './third-party-notices.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLI = `${ROOT}packages/cli`;
const OUTFILE = `${CLI}/dist/docker-mtls.cjs`;
const { version } = JSON.parse(fs.readFileSync(`${CLI}/package.json`, 'utf8'));

// yargs measures text for terminals with East Asian and emoji widths: 30 ms of start-up for help that is all ASCII.
const ASCII_WIDTH = ['string-width', 'strip-ansi', 'wrap-ansi'];

// Loaded by few commands, and large: compiled apart, so that the others need not even read them. Each is found from
// the package that uses it, and the copies of one library in another are one file, or they would not know each other.
const LOADED_LATE = {
  execa: 'packages/daemon-config',
  'fs-extra': 'packages/store',
  'age-encryption': 'packages/bundle',
  asn1js: 'packages/bundle',
  pkijs: 'packages/bundle',
};

const loadedLate = (folder) => ({
  name: 'loaded-late',
  setup({ onResolve, resolve }) {
    const filter = new RegExp(`^(${Object.keys(LOADED_LATE).join('|')})$`);
    onResolve({ filter }, ({ path, kind, pluginData }) => {
      if (pluginData === 'entry') return undefined;
      if (kind !== 'entry-point') return { path: `${folder}${path}.cjs`, external: true };
      return resolve(path, {
        kind: 'import-statement',
        resolveDir: ROOT + LOADED_LATE[path],
        pluginData: 'entry',
      });
    });
  },
});

const COMMON = {
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  conditions: ['source'],
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

async function bundle(help) {
  const { metafile } = await build({
    entryPoints: [`${CLI}/src/bin.ts`],
    outfile: OUTFILE,
    ...COMMON,
    external: ['libsql'],
    alias: Object.fromEntries(ASCII_WIDTH.map((name) => [name, `${ROOT}scripts/ascii/${name}.js`])),
    define: {
      'import.meta.url': 'moduleUrl',
      DOCKER_MTLS_VERSION: JSON.stringify(version),
      ...(help && { DOCKER_MTLS_HELP: JSON.stringify(help) }),
    },
    banner: { js: "const moduleUrl=require('node:url').pathToFileURL(__filename).href;" },
    plugins: [loadedLate('./lib/')],
  });
  fs.chmodSync(OUTFILE, 0o755);
  return metafile;
}

async function bundleLibraries() {
  const { metafile } = await build({
    ...COMMON,
    absWorkingDir: ROOT,
    entryPoints: Object.keys(LOADED_LATE).map((name) => ({ in: name, out: name })),
    plugins: [loadedLate('./')],
    outdir: `${CLI}/dist/lib`,
    outExtension: { '.js': '.cjs' },
  });
  return metafile;
}

/** The help texts, printed by the bundle itself, so that the second bundle can answer without yargs. */
function printHelp() {
  const own = run('--help');
  const commands = [...own.matchAll(/^ {2}docker-mtls ([a-z-]+)/gm)].map(([, name]) => name);
  return Object.fromEntries([['', own], ...commands.map((name) => [name, run(name, '--help')])]);
}

function run(...words) {
  return execFileSync(process.execPath, [OUTFILE, ...words], { encoding: 'utf8' });
}

await bundle();
const metafiles = [await bundle(printHelp()), await bundleLibraries()];
fs.rmSync(`${CLI}/dist/certs-template`, { recursive: true, force: true });
fs.cpSync(`${ROOT}certs-template`, `${CLI}/dist/certs-template`, {
  recursive: true,
  filter: (path) => !/node_modules|package\.json$/.test(path.slice(ROOT.length)),
});
fs.rmSync(`${CLI}/dist/ci-pipeline`, { recursive: true, force: true });
fs.cpSync(`${ROOT}packages/ci/pipeline`, `${CLI}/dist/ci-pipeline`, { recursive: true });
fs.writeFileSync(`${CLI}/dist/THIRD-PARTY-NOTICES.txt`, noticesOf(metafiles, ROOT));
fs.copyFileSync(`${ROOT}LICENSE`, `${CLI}/LICENSE`);
fs.copyFileSync(`${ROOT}README.md`, `${CLI}/README.md`);
