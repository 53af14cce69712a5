import fs from 'node:fs';
import path from 'node:path';

/** A program on the PATH, or in one of the other folders where packages put it. */
export function findProgram(name, otherFolders = []) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...otherFolders];
  return folders.map((folder) => path.join(folder, name)).find(isProgram);
}

function isProgram(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
