// Bundles the command line into files that start fast, and lays beside them what else the published package needs.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { copySync, removeSync } from 'fs-extra/esm';
import { copyPages } from './package-pages.js';
import { plainBuiltins } from './plain-builtins.js';
import { SHELL_COMMANDS, commandGroups, lateParts, onlyCommands, onlyDerOfForge } from './bundle-plugins.js';
import { splitBundle } from './split-bundle.js';
import { noticesOf } from './third-party-notices.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLI = `${ROOT}packages/cli`;
const DIST = `${CLI}/dist`;
const START = `${CLI}/src/start.ts`;
const NAME = 'docker-mtls';
const HELP = `${DIST}/help.json`;
const { version } = JSON.parse(fs.readFileSync(`${CLI}/package.json`, 'utf8'));

// yargs measures text for terminals with East Asian and emoji widths: 30 ms of start-up for help that is all ASCII.
const ASCII_WIDTH = ['string-width', 'strip-ansi', 'wrap-ansi'];

const COMMON = {
  absWorkingDir: ROOT,
  minify: true,
  platform: 'node',
  target: 'node20.19',
  conditions: ['source'],
  legalComments: 'none',
  logLevel: 'warning',
};

/** What answers for help, and loads the rest of the program for all else. */
function bundleStart() {
  return build({
    ...COMMON,
    entryPoints: [`${CLI}/src/bin.ts`],
    outfile: `${DIST}/${NAME}.cjs`,
    bundle: true,
    format: 'cjs',
    define: {
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
      DOCKER_MTLS_SHELL_COMMANDS: JSON.stringify(SHELL_COMMANDS),
    },
    plugins: [plainBuiltins()],
    metafile: true,
  });
}

/** A program with the commands that the plugins leave in it. */
function bundleProgram(name, plugins) {
  return splitBundle({
    ...COMMON,
    main: START,
    name,
    folder: `${DIST}/lib`,
    home: DIST,
    external: ['libsql'],
    alias: Object.fromEntries(ASCII_WIDTH.map((each) => [each, `${ROOT}scripts/ascii/${each}.js`])),
    define: { DOCKER_MTLS_VERSION: JSON.stringify(version) },
    plugins: [plainBuiltins(), lateParts(START), ...plugins, onlyDerOfForge()],
  });
}

/** The help texts, as yargs writes them for the program, so that it can answer without yargs from then on. */
function printHelp() {
  fs.rmSync(HELP, { force: true });
  const own = run('--help');
  const commands = [...own.matchAll(/^ {2}docker-mtls ([a-z-]+)/gm)].map(([, name]) => name);
  const texts = Object.fromEntries([['', own], ...commands.map((name) => [name, run(name, '--help')])]);
  fs.writeFileSync(HELP, JSON.stringify(texts));
}

function run(...words) {
  return execFileSync(process.execPath, [`${DIST}/${NAME}.cjs`, ...words], { encoding: 'utf8' });
}

function copy(from, to) {
  removeSync(to);
  copySync(from, to, {
    filter: (file) => !/node_modules|package\.json$/.test(file.slice(ROOT.length)),
  });
}

/** Files of earlier builds: their names hold a hash of what is in them. */
function removeStale(outputs) {
  const current = new Set(Object.keys(outputs).map((file) => path.basename(file)));
  for (const file of fs.readdirSync(`${DIST}/lib`)) if (!current.has(file)) fs.rmSync(`${DIST}/lib/${file}`);
}

const all = await bundleProgram('start', [commandGroups(`${CLI}/src/commands`)]);
const shell = await bundleProgram('shell', [onlyCommands(SHELL_COMMANDS)]);
const { metafile: start } = await bundleStart();
fs.chmodSync(`${DIST}/${NAME}.cjs`, 0o755);
removeStale({ ...all.outputs, ...shell.outputs });
printHelp();
removeSync(`${DIST}/code-cache`);
copy(`${ROOT}certs-template`, `${DIST}/certs-template`);
copy(`${ROOT}packages/ci/pipeline`, `${DIST}/ci-pipeline`);
fs.writeFileSync(`${DIST}/THIRD-PARTY-NOTICES.txt`, noticesOf([start, all, shell], ROOT));
copy(`${ROOT}LICENSE`, `${CLI}/LICENSE`);
copyPages(ROOT, CLI);
