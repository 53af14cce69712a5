import { removeRunFolder } from './run-folder.js';

/** Runs once after all test files. The run fails when one of them left something behind. */
export default function tearDown() {
  const left = removeRunFolder(globalThis.dockerMtlsRunFolder);
  if (left.length > 0) throw new Error(`the tests left files in their temporary folder: ${left.join(', ')}`);
}
