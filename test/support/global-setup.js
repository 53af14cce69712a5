import { makeRunFolder } from './run-folder.js';

/** Runs once before all test files; their workers inherit the environment. */
export default function setUp() {
  globalThis.dockerMtlsRunFolder = makeRunFolder(process.env);
}
