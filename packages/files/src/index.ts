export { createFile, createUnsynced, PRIVATE_FILE, PUBLIC_FILE } from './create-file.ts';
export type { FileAccess } from './create-file.ts';
export {
  makeDirectory,
  makePrivateDirectory,
  makePrivateUnsynced,
  PRIVATE_DIRECTORY,
  syncDirectory,
} from './directory.ts';
export { explained, explainFileError, FileError } from './file-error.ts';
export type { FileErrorCode } from './file-error.ts';
export { partialPath } from './partial.ts';
export { LARGEST_FILE, readFile, readFileIfExists } from './read-file.ts';
export { placeFolder } from './place-folder.ts';
export type { FolderFile } from './place-folder.ts';
export { removeFile } from './remove-file.ts';
export { removeFolder } from './remove-folder.ts';
export { replaceFile } from './replace-file.ts';
export { replaceFiles } from './replace-files.ts';
export { syncAll } from './sync-all.ts';
export type { Unsynced } from './sync-all.ts';
