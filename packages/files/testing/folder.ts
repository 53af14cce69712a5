import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach } from '@jest/globals';

const made: string[] = [];

/** An empty folder that is gone after the test. */
export function makeFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dm-files-'));
  made.push(folder);
  return folder;
}

/** The permission bits of a path, not of what a link leads to. */
export function modeOf(file: string): number {
  return fs.lstatSync(file).mode & 0o7777;
}

afterEach(() => {
  for (const folder of made.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});
