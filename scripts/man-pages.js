// Writes the manual pages, from the table of commands that the help is made of.
//
//   node scripts/man-pages.js DIR     # DIR/docker-mtls.1, …
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node scripts/man-pages.js DIR');
  process.exit(2);
}
fs.mkdirSync(folder, { recursive: true });
for (const { file, text } of await pages()) fs.writeFileSync(path.join(folder, file), text);

/** The sources are TypeScript, and the code of the commands is not wanted. */
async function pages() {
  const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, 'packages/cli/package.json'), 'utf8'));
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['packages/cli/src/man/man-page.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    conditions: ['source'],
    define: { DOCKER_MTLS_VERSION: JSON.stringify(version) },
    external: ['libsql'],
    banner: { js: "import{createRequire as __r}from'node:module';const require=__r('/');" },
    logLevel: 'warning',
  });
  const { manPages } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  );
  return manPages();
}
