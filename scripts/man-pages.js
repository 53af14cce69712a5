// Writes the manual pages, from the table of commands that the help is made of.
//
//   node scripts/man-pages.js DIR     # DIR/docker-mtls.1, …
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { importSources } from './import-sources.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node scripts/man-pages.js DIR');
  process.exit(2);
}
const { manPages } = await importSources(
  ROOT,
  `export { manPages } from './packages/cli/src/man/man-page.ts';`,
);
fs.mkdirSync(folder, { recursive: true });
for (const { file, text } of manPages()) fs.writeFileSync(path.join(folder, file), text);
