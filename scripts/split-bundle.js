// One program in several files, so that a command reads and compiles little more than what it runs.
import path from 'node:path';
import { build, transform } from 'esbuild';
import { outputFileSync } from 'fs-extra/esm';

/**
 * Bundles `main` as `folder/name.cjs`, and what only some runs of it need as other files beside that, each loaded by a
 * dynamic import. In all of them `import.meta.dirname` is the folder `home`. Returns what esbuild tells of the files
 * that were written.
 */
export async function splitBundle({ main, name, folder, home, define, ...options }) {
  const start = path.join(folder, `${name}.cjs`);
  // Only ES modules are split by esbuild, at their dynamic imports; but CommonJS starts faster.
  const { metafile, outputFiles } = await build({
    ...options,
    entryPoints: { [name]: main },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    outExtension: { '.js': '.cjs' },
    chunkNames: '[name]-[hash]',
    define: {
      ...define,
      'import.meta.dirname': 'homeFolder',
      'import.meta.filename': '__filename',
      'import.meta.url': 'moduleUrl',
    },
    metafile: true,
    write: false,
  });
  const outputs = reachable(metafile.outputs, path.relative(options.absWorkingDir, start));
  const codes = outputFiles.map((file) => ({ file: file.path, text: file.text }));
  const written = codes.filter(({ file }) => path.relative(options.absWorkingDir, file) in outputs);
  // What is asked for first comes last: whoever runs the program meanwhile finds all that it asks for.
  for (const { file, text } of written.toSorted((one) => (one.file === start ? 1 : -1))) {
    const plain = withPlainExports(text, outputs[path.relative(options.absWorkingDir, file)].exports);
    outputFileSync(file, await toCommonJs(plain, path.relative(folder, home), options));
  }
  return { outputs };
}

/** Of files that nothing imports any more, the importer was shaken off the tree too late for esbuild to see. */
function reachable(outputs, start) {
  const found = new Set([start]);
  for (const file of found)
    for (const { path: imported, external } of outputs[file].imports) if (!external) found.add(imported);
  return Object.fromEntries([...found].map((file) => [file, outputs[file]]));
}

/** CommonJS inside of its function, as `launch/load-parts.ts` expects it. */
async function toCommonJs(text, home, { target, minify }) {
  const places = {
    homeFolder: `require('node:path').join(__dirname,'${home}')`,
    moduleUrl: `require('node:url').pathToFileURL(__filename).href`,
  };
  const wanted = Object.entries(places).filter(([name]) => text.includes(name));
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    supported: { 'dynamic-import': false },
    target,
    minify,
    banner: wanted.map(([name, value]) => `const ${name}=${value};`).join(''),
    logOverride: { 'commonjs-variable-in-esm': 'silent' },
  });
  return ascii(`(function(exports,require,module,__filename,__dirname){${code.trimEnd()}})\n`);
}

/** Parts are read as Latin-1. What esbuild does not escape is in regular expressions and raw strings. */
function ascii(code) {
  const [found] = /.{0,40}[^\0-\x7f].{0,40}/u.exec(code) ?? [];
  if (found === undefined) return code;
  throw new Error(`write what is not ASCII as an escape: ${found}`);
}

const EXPORTS = /\bexport\s*\{([^}]*)\};?\s*$/;

/**
 * Exports as one object: those of esbuild's own CommonJS are defined one by one, twice, which each start would wait for.
 * `names` are those that esbuild tells.
 */
function withPlainExports(text, names) {
  const [statement, list] = EXPORTS.exec(text) ?? ['', ''];
  const exported = list
    .split(',')
    .filter((each) => each.trim() !== '')
    .map((each) => {
      const [inner, name = inner] = each.trim().split(/\s+as\s*/);
      return { inner, name };
    });
  const found = exported.map(({ name }) => name.replaceAll('"', ''));
  if (found.toSorted().join() !== names.toSorted().join())
    throw new Error(`a part exports ${names.join()}, and ${found.join()} was found in it`);
  if (found.length === 0) return text;
  const getters = exported.map(({ inner, name }) => `get ${name}(){return ${inner}}`);
  return `${text.slice(0, -statement.length)}module.exports={${getters.join(',')}};`;
}
