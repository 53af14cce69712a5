import { expect, test } from '@jest/globals';
import { cliJson } from '../support/cli.ts';
import { run } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { copyOfProgram } from './copy-of-program.ts';

// As with npm install --omit=optional, or an installation that was copied from another kind of machine.
test('a program whose native part is not there says so, and what to do', async () => {
  const home = temporaryFolder();
  await cliJson(['init-ca'], { home });
  const { code, stdout, stderr } = await run(process.execPath, [copyOfProgram(), 'list', '--json'], {
    env: { HOME: home },
  });
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({
    error: {
      code: 'REGISTRY_UNUSABLE',
      message: "SQLite cannot be loaded: Cannot find module 'libsql'",
      hint: expect.stringContaining('npm install'),
    },
  });
});
