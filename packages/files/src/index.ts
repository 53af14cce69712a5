export { createFile, PRIVATE_FILE, PUBLIC_FILE } from './create-file.ts';
export type { FileAccess } from './create-file.ts';
export { makePrivateDirectory, PRIVATE_DIRECTORY, syncDirectory } from './directory.ts';
export { explained, explainFileError, FileError } from './file-error.ts';
export type { FileErrorCode } from './file-error.ts';
export { LARGEST_FILE, readFile, readFileIfExists } from './read-file.ts';
export { placeFolder } from './place-folder.ts';
export type { FolderFile } from './place-folder.ts';
export { replaceFile } from './replace-file.ts';
