// Builds the single executables: Node with the program in it, one file for each platform.
//
//   node scripts/executable.js DIR [x64|arm64 …]     # DIR/docker-mtls-linux-x64, …, and the licences of all in them
//
// Node and the tool that changes it are those of scripts/executable/package-lock.json; npm checks their hashes, and they
// are kept in the folder of the tests' downloads ($DOCKER_MTLS_TEST_CACHE, else .cache).
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ARCHITECTURES, buildExecutables } from './executable/build.js';

const [folder, ...wanted] = process.argv.slice(2);
if (folder === undefined || wanted.some((each) => !ARCHITECTURES.includes(each))) {
  console.error('usage: node scripts/executable.js DIR [x64|arm64 …]');
  process.exit(2);
}
const root = fileURLToPath(new URL('..', import.meta.url));
await buildExecutables(root, path.resolve(folder), wanted.length > 0 ? wanted : ARCHITECTURES);
