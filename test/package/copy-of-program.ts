import fs from 'node:fs';
import path from 'node:path';
import { BUNDLE } from '../support/cli.ts';
import { temporaryFolder } from '../support/temp.ts';

/** The program as it was built, in a folder of its own, without what it depends on. */
export function copyOfProgram(): string {
  const folder = temporaryFolder();
  for (const name of ['docker-mtls.cjs', 'lib'])
    fs.cpSync(path.join(path.dirname(BUNDLE), name), path.join(folder, name), {
      recursive: true,
      verbatimSymlinks: true,
    });
  return path.join(folder, 'docker-mtls.cjs');
}
