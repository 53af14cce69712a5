// `tsc --build` never removes the output of a source that is gone, so a release starts from nothing.
import fs from 'node:fs';

const packages = fs.readdirSync('packages').map((name) => `packages/${name}/dist`);
for (const folder of [...packages, 'coverage']) fs.rmSync(folder, { recursive: true, force: true });
