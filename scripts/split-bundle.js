// One program in several files, so that a command reads and compiles little more than what it runs.
import fs from 'node:fs';
import path from 'node:path';
import { build, transform } from 'esbuild';

/**
 * Bundles `entry` as `folder/name.cjs`, and what only some runs of it need as files in `folder/lib`. In all of them
 * `import.meta.url` is that of the entry's file. Returns what esbuild tells of the files that were written.
 */
export async function splitBundle({ entry, name, folder, define, ...options }) {
  const main = path.join(folder, `${name}.cjs`);
  // Only ES modules are split by esbuild, at their dynamic imports; but CommonJS starts faster.
  const { metafile, outputFiles } = await build({
    ...options,
    entryPoints: { [name]: entry },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    outExtension: { '.js': '.cjs' },
    chunkNames: 'lib/[name]-[hash]',
    define: { ...define, 'import.meta.url': 'moduleUrl' },
    metafile: true,
    write: false,
  });
  const outputs = reachable(metafile.outputs, path.relative(options.absWorkingDir, main));
  const codes = outputFiles.map((file) => ({ file: file.path, text: file.text }));
  const written = codes.filter(({ file }) => path.relative(options.absWorkingDir, file) in outputs);
  // The entry comes last: whoever runs the program meanwhile finds all that it asks for.
  for (const { file, text } of written.toSorted((one) => (one.file === main ? 1 : -1)))
    write(file, await toCommonJs(text, path.relative(path.dirname(file), main), options));
  return { outputs };
}

/** Of files that nothing imports any more, the importer was shaken off the tree too late for esbuild to see. */
function reachable(outputs, start) {
  const found = new Set([start]);
  for (const file of found)
    for (const { path: imported, external } of outputs[file].imports) if (!external) found.add(imported);
  return Object.fromEntries([...found].map((file) => [file, outputs[file]]));
}

async function toCommonJs(text, main, { target, minify }) {
  const url = `const moduleUrl=require('node:url').pathToFileURL(require('node:path').join(__dirname,'${main}')).href;`;
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    supported: { 'dynamic-import': false },
    target,
    minify,
    ...(text.includes('moduleUrl') && { banner: url }),
  });
  return code;
}

function write(file, code) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, code);
}
