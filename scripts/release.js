// Builds the files of a release; scripts/release says how to call it, and makes what npm packs before.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { create } from 'tar';
import { buildDebianPackage, DEBIAN_ARCHITECTURES } from './debian-package/build.js';
import { ARCHITECTURES, buildExecutables } from './executable/build.js';
import { importSources } from './import-sources.js';
import { billOfMaterials } from './release-parts/bill-of-materials.js';
import { writeSums } from './release-parts/sums.js';
import { sourceFacts } from './source-facts.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version, released } = sourceFacts(root);
const [target = ''] = process.argv.slice(2);

fs.mkdirSync(target, { recursive: true });
if (fs.readdirSync(target).length > 0) {
  console.error(`${target} is not empty: a release is built in a new folder`);
  process.exit(1);
}
const metafile = await buildExecutables(root, target, ARCHITECTURES);
for (const architecture of Object.keys(DEBIAN_ARCHITECTURES))
  await buildDebianPackage({ root, architecture, executables: target, target });
packForNpm();
await packManPages();
fs.writeFileSync(
  path.join(target, `docker-mtls-${version}.cdx.json`),
  `${JSON.stringify(billOfMaterials(root, metafile), undefined, 2)}\n`,
);
for (const name of writeSums(target)) console.log(name);

/** npm packs with the same times everywhere, and with the modes that it finds. */
function packForNpm() {
  const cwd = path.join(root, 'packages/cli');
  const npm = (...words) =>
    execFileSync('npm', ['pack', '--ignore-scripts', ...words], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const [{ files }] = JSON.parse(npm('--dry-run', '--json'));
  const programs = files.filter(({ path: name }) => name.endsWith('/docker-mtls.cjs'));
  for (const { path: name } of files) fs.chmodSync(path.join(cwd, name), 0o644);
  for (const { path: name } of programs) fs.chmodSync(path.join(cwd, name), 0o755);
  npm('--pack-destination', target);
}

async function packManPages() {
  const code = `export { manPages } from './packages/cli/src/man/man-page.ts';`;
  const { manPages } = await importSources(root, code);
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'docker-mtls-'));
  try {
    const names = manPages().map(({ file, text }) => {
      fs.writeFileSync(path.join(work, file), text);
      fs.chmodSync(path.join(work, file), 0o644);
      return file;
    });
    const file = path.join(target, `docker-mtls-${version}-man.tar.gz`);
    await create({ file, cwd: work, gzip: true, portable: true, mtime: released }, names.toSorted());
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}
