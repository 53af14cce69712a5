// Takes one guard, check or rule after the other out of packages/policy, and asks whether the conformance cases, the table of roles
// or a thousand random requests notice. What they do not notice is printed, and the exit code is 1.
//
//   node scripts/policy-mutants.js          # all of them: some minutes
//   node scripts/policy-mutants.js mounts   # those of files whose path has this in it
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { mutationsOf } from './policy-mutants/mutations.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = path.join(ROOT, 'packages/policy/src');
const FOLDERS = ['body', 'decide', 'document', 'roles', 'route', '.'];

let count = 0;
const wanted = process.argv[2] ?? '';
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'docker-mtls-mutants-'));
try {
  process.exitCode = await main();
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

async function main() {
  const unchanged = await noticed(undefined);
  if (unchanged !== undefined) throw new Error(`without any change: ${unchanged}`);
  const mutations = sources().flatMap((file) => mutationsOf(file, fs.readFileSync(file, 'utf8')));
  const survivors = [];
  for (const [index, mutation] of mutations.entries()) {
    if ((await noticed(mutation)) === undefined) survivors.push(mutation);
    if (process.stderr.isTTY) process.stderr.write(`\r${index + 1} of ${mutations.length}`);
  }
  for (const { file, line, text } of survivors)
    console.log(`${path.relative(ROOT, file)}:${line}: nothing notices without: ${text}`);
  console.log(`${mutations.length} changes, ${mutations.length - survivors.length} noticed`);
  return survivors.length === 0 ? 0 : 1;
}

function sources() {
  return FOLDERS.flatMap((name) =>
    fs.readdirSync(path.join(SOURCES, name)).map((file) => path.join(SOURCES, name, file)),
  )
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file.includes(wanted))
    .toSorted();
}

/** Why the changed package is not as it should be. Undefined: nothing noticed. */
async function noticed(mutation) {
  const outfile = path.join(folder, `${(count += 1)}.mjs`);
  try {
    await build({
      absWorkingDir: ROOT,
      entryPoints: [path.join(ROOT, 'scripts/policy-mutants/check.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      conditions: ['source'],
      // A dependency that is CommonJS calls `require` for what is in Node.
      banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
      logLevel: 'silent',
      plugins: mutation === undefined ? [] : [replaced(mutation)],
    });
    const { check } = await import(pathToFileURL(outfile).href);
    return check(path.join(ROOT, 'packages/policy/conformance'));
  } catch (error) {
    return String(error);
  } finally {
    fs.rmSync(outfile, { force: true });
  }
}

function replaced({ file, content }) {
  return {
    name: 'replaced',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, (args) =>
        args.path === file ? { contents: content, loader: 'ts' } : undefined,
      );
    },
  };
}
