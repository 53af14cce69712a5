import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onCleanup } from './cleanup.ts';

/**
 * Makes an empty folder that disappears after the test file that called it.
 * Its name is short, as is that of the run's folder around it: the path of a unix socket has at most 107 bytes.
 */
export function temporaryFolder(): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'dm-')));
  onCleanup(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
