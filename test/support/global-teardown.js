import { removeRunFolder } from './run-folder.js';

/**
 * Runs once after all test files, and removes whatever they left. On a build machine that is a failure; elsewhere it is
 * not, since a file whose tests are all skipped has no moment to remove what it made while it was loaded.
 */
export default function tearDown() {
  const left = removeRunFolder(globalThis.dockerMtlsRunFolder);
  if (left.length > 0 && process.env.CI === 'true')
    throw new Error(`the tests left files in their temporary folder: ${left.join(', ')}`);
}
