import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { output } from '../support/run.ts';
import { copyOfProgram } from './copy-of-program.ts';

test('words that are no command do not fill the folder of what is kept', async () => {
  const program = copyOfProgram();
  const folder = path.join(path.dirname(program), 'code-cache');
  await output(process.execPath, [program, 'one', '--version']);
  const before = fs.readdirSync(folder);
  expect(before.length).toBeGreaterThan(0);
  await output(process.execPath, [program, 'two', '--version']);
  await output(process.execPath, [program, '--three', '--json', '--version']);
  expect(fs.readdirSync(folder)).toEqual(before);
});
