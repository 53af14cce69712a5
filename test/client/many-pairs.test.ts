import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { cli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temp.ts';

// The program itself works through more pairs than it could hold in memory.

const COUNT = 3000;
/** One batch is content with 16; if all pairs were kept, the program would run out of memory. */
const LITTLE_MEMORY = { env: { NODE_OPTIONS: '--max-old-space-size=18' } };

test('a list of names is issued, and all of them renewed, in the memory of one batch', async () => {
  const folder = temporaryFolder();
  const names = path.join(folder, 'names');
  fs.writeFileSync(names, Array.from({ length: COUNT }, (_, index) => `robot${index}\n`).join(''));
  const ca = ['--ca-dir', path.join(folder, 'ca')];
  await cli(['init-ca', '--no-passphrase', ...ca]);
  const issued = await cli(['issue-client', '--names', names, ...ca], LITTLE_MEMORY);
  expect(issued).toMatchObject({ code: 0, stdout: expect.stringContaining(`Issued ${COUNT} client pairs`) });
  const renewed = await cli(['renew', '--all', '--kind', 'client', ...ca], LITTLE_MEMORY);
  expect(renewed).toMatchObject({ code: 0, stdout: expect.stringContaining(`Renewed ${COUNT} pairs`) });
});
