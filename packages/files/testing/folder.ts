import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { afterEach } from '@jest/globals';
import { partialName } from '../src/partial.ts';
import { temporaryFolder } from '../../../test/support/temp.ts';

const made: string[] = [];

/** An empty folder that is gone after the test. */
export function makeFolder(): string {
  const folder = temporaryFolder();
  made.push(folder);
  return folder;
}

/** What a process that has ended left next to `name`: as this one would call it, but for the numbers of the process. */
export function leftName(name: string): string {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  return partialName(name).replace(/-\d+-\d+\.partial$/, `-${pid}-1.partial`);
}

/** The permission bits of a path, not of what a link leads to. */
export function modeOf(file: string): number {
  return fs.lstatSync(file).mode & 0o7777;
}

afterEach(() => {
  for (const folder of made.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});
