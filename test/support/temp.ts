import fs from 'node:fs';
import path from 'node:path';
import { onCleanup } from './cleanup.ts';

/**
 * Makes an empty folder that disappears after the test file that called it.
 * It lies directly below /tmp with a short name: the path of a unix socket has at most 107 bytes.
 */
export function temporaryFolder(): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join('/tmp', 'dm-')));
  onCleanup(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
