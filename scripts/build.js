// Bundles the command line, and puts next to it what else the published package needs. What is published:
//
//   dist/docker-mtls.cjs    starts the program, or refuses a Node that is too old
//   dist/lib/start.js       answers docker, or loads what all commands share; what some need is loaded by `import()`
//   dist/lib/…              the data that the program reads: certs-template, ci-pipeline
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { copySync, emptyDirSync } from 'fs-extra/esm';
import { copyPages } from './package-pages.js';
import { sourceFacts } from './source-facts.js';
import { noticesOf } from './third-party-notices.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLI = `${ROOT}packages/cli`;
const DIST = `${CLI}/dist`;

emptyDirSync(`${DIST}/lib`);
const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: [`${CLI}/src/start.ts`],
  outdir: `${DIST}/lib`,
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  conditions: ['source'],
  // The width tables of string-width take 23 ms to load, of 60 for --help: measure with scripts/bench.
  alias: { 'string-width': 'fast-string-width' },
  // Native, so npm has to install the one for the machine.
  external: ['libsql'],
  define: { DOCKER_MTLS_VERSION: JSON.stringify(sourceFacts(ROOT).version) },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

fs.copyFileSync(`${CLI}/src/docker-mtls.cjs`, `${DIST}/docker-mtls.cjs`);
fs.chmodSync(`${DIST}/docker-mtls.cjs`, 0o755);
copySync(`${ROOT}certs-template`, `${DIST}/lib/certs-template`, { filter: isPublished });
copySync(`${ROOT}packages/ci/pipeline`, `${DIST}/lib/ci-pipeline`, { filter: isPublished });
fs.writeFileSync(`${DIST}/THIRD-PARTY-NOTICES.txt`, noticesOf(metafile, ROOT));
fs.copyFileSync(`${ROOT}LICENSE`, `${CLI}/LICENSE`);
copyPages(ROOT, CLI);

/** `certs-template` is a package of the workspace too. */
function isPublished(file) {
  return !/\/node_modules$|\/package\.json$/.test(file);
}
