import path from 'node:path';
import { expect, test } from '@jest/globals';
import { REPOSITORY } from '../support/cache.ts';
import { describeUnless } from '../support/describe-unless.ts';
import { asDeveloper, buildExecutable } from './executable.ts';

// Tests that start the program do so by test/support/cli.ts, which takes another one from DOCKER_MTLS_TEST_PROGRAM. Some
// are tried on every run; CONTRIBUTING.md says how all are.
const SAMPLE = ['test/client/prompts', 'test/client/exec-signals', 'test/hostile/gone-folder'];

const built = await buildExecutable();

describeUnless(built.obstacle, 'the single executable', () => {
  test('passes tests that were written for the package', async () => {
    if (built.obstacle !== undefined) throw new Error(built.obstacle);
    const words = [path.join(REPOSITORY, 'scripts/jest.js'), '--maxWorkers=1', ...SAMPLE];
    const env = { DOCKER_MTLS_TEST_PROGRAM: built.file };
    const { code, stdout, stderr } = await asDeveloper(process.execPath, words, env);
    if (code !== 0) throw new Error(stderr);
    expect(stdout).toMatch(/^[1-9]\d* passed, 0 failed, 0 skipped$/m);
  }, 300_000);
});
