import fs from 'node:fs';
import os from 'node:os';
import { syncDirectory } from './directory.ts';
import { explained } from './file-error.ts';
import { withDirectoryOf } from './open-directory.ts';
import { withAnchor } from './walk.ts';

/** From here on, one call for the whole file system is quicker than one for each file. */
const MANY = 32;

/** Before Linux 5.8, `syncfs` did not report that the disk had failed. */
const REPORTS_FAILURE = [5, 8] as const;

/** What is to be brought to the disk: the bytes of files, the names in folders. */
export type Unsynced = { readonly files: readonly string[]; readonly folders: readonly string[] };

/**
 * Brings files and folders to the disk that lie in `folder`, and on its file system. Many of them go by one call for
 * that file system, which also waits for what others have written to it; where there is no such call, one by one.
 */
export function syncAll(folder: string, { files, folders }: Unsynced): void {
  if (files.length + folders.length >= MANY && syncFileSystem(folder)) return;
  explained('sync', folder, () =>
    withAnchor(folder, () => {
      for (const file of files) syncFile(file);
      for (const each of folders) syncDirectory(each);
    }),
  );
}

function syncFile(path: string): void {
  explained('sync', path, () =>
    withDirectoryOf(path, (directory, name) => {
      // Windows syncs only what may be written, and does not have the other two.
      const { O_RDWR, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
      const file = fs.openSync(directory.at(name), O_RDWR | O_NOFOLLOW | O_NONBLOCK);
      try {
        fs.fsyncSync(file);
      } finally {
        fs.closeSync(file);
      }
    }),
  );
}

/** Node has no `syncfs`, but the `sync` of GNU and BusyBox does just that. Returns whether it did. */
function syncFileSystem(folder: string): boolean {
  if (process.platform !== 'linux' || !reportsFailure(os.release())) return false;
  // Loaded here, because few commands write much, and it takes milliseconds.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  return spawnSync('sync', ['-f', folder], { stdio: 'ignore' }).status === 0;
}

function reportsFailure(release: string): boolean {
  const [major = 0, minor = 0] = release.split('.').map(Number);
  return major > REPORTS_FAILURE[0] || (major === REPORTS_FAILURE[0] && minor >= REPORTS_FAILURE[1]);
}
