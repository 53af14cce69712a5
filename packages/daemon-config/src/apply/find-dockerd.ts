import fs from 'node:fs';
import nodePath from 'node:path';

/** A user's PATH often lacks the folders that the engine lives in. */
const USUAL_FOLDERS = ['/usr/sbin', '/usr/bin', '/usr/local/bin', '/usr/local/sbin', '/sbin'];

/** The engine's program on this machine, if there is one. */
export function findDockerd(searchPath: string | undefined = process.env['PATH']): string | undefined {
  const windows = process.platform === 'win32';
  const folders = [...(searchPath ?? '').split(nodePath.delimiter), ...(windows ? [] : USUAL_FOLDERS)];
  return folders
    .filter((folder) => nodePath.isAbsolute(folder))
    .map((folder) => nodePath.join(folder, windows ? 'dockerd.exe' : 'dockerd'))
    .find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    fs.accessSync(path, fs.constants.X_OK);
    return fs.statSync(path).isFile();
  } catch {
    return false;
  }
}
