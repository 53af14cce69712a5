// Builds the executables and puts each into a Debian package; scripts/debian says how to call it.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildDebianPackage, DEBIAN_ARCHITECTURES } from './debian-package/build.js';
import { buildExecutables } from './executable/build.js';

const [folder, ...wanted] = process.argv.slice(2);
const known = Object.keys(DEBIAN_ARCHITECTURES);
if (folder === undefined || wanted.some((each) => !known.includes(each))) {
  console.error(`usage: scripts/debian DIR [${known.join('|')} …]`);
  process.exit(2);
}
const root = fileURLToPath(new URL('..', import.meta.url));
const executables = fs.mkdtempSync(path.join(os.tmpdir(), 'docker-mtls-'));
const architectures = wanted.length > 0 ? wanted : known;
try {
  await buildExecutables(
    root,
    executables,
    architectures.map((each) => DEBIAN_ARCHITECTURES[each]),
  );
  fs.mkdirSync(folder, { recursive: true });
  for (const architecture of architectures)
    console.log(await buildDebianPackage({ root, architecture, executables, target: folder }));
} finally {
  fs.rmSync(executables, { recursive: true, force: true });
}
