import fs from 'node:fs';
import path from 'node:path';
import { build, transform } from 'esbuild';
import { sourceFacts } from '../source-facts.js';

/**
 * Bundles the whole program and its data into CommonJS, the only kind of code that a single executable runs, in parts
 * that load-parts.cjs loads. Returns the parts, by name, and esbuild's record of what went into them.
 */
export async function bundleForExecutable(root) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['packages/cli/src/executable.ts'],
    outdir: 'parts',
    bundle: true,
    splitting: true,
    write: false,
    minify: true,
    format: 'esm',
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
  const parts = await Promise.all(
    outputFiles.map(async (file) => [`./${path.basename(file.path)}`, await asCommonJs(file.text)]),
  );
  return { parts: Object.fromEntries(parts.toSorted()), metafile };
}

/** esbuild splits ES modules only. What is imported when it is needed has to come from the parts, too. */
async function asCommonJs(text) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    supported: { 'dynamic-import': false },
    minify: true,
  });
  return code;
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
