import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { sourceFacts } from '../source-facts.js';

/**
 * Bundles the whole program and its data into one CommonJS file, the only kind that a single executable runs. Returns
 * esbuild's record of what went into it.
 */
export async function bundleForExecutable(root, outfile) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [path.join(root, 'packages/cli/src/executable.ts')],
    outfile,
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    conditions: ['source'],
    alias: { 'string-width': 'fast-string-width' },
    define: {
      DOCKER_MTLS_VERSION: JSON.stringify(sourceFacts(root).version),
      DOCKER_MTLS_DATA: JSON.stringify(programData(root)),
      // The code has no file. What dependencies look for next to it is then looked for where only root can write.
      'import.meta.url': '"file:///dev/docker-mtls/node_modules/program/program.cjs"',
      'import.meta.dirname': '"/dev/docker-mtls/node_modules/program"',
    },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}

/** The files that the published package has next to its code, by the paths that `readProgramData` knows. */
function programData(root) {
  return Object.fromEntries([
    ...filesBelow(path.join(root, 'certs-template'), 'certs-template'),
    ...filesBelow(path.join(root, 'packages/ci/pipeline'), 'ci-pipeline'),
  ]);
}

function filesBelow(folder, name) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && entry.name !== 'package.json' && !entry.parentPath.includes('node_modules'),
    )
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted()
    .map((file) => [path.join(name, path.relative(folder, file)), fs.readFileSync(file, 'utf8')]);
}
