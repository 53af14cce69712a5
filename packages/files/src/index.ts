export { asideName } from './aside-name.ts';
export { changeAccess } from './change-access.ts';
export type { AccessChange } from './change-access.ts';
export { checkFolder } from './check-folder.ts';
export { copyFile } from './copy-file.ts';
export { createFile, createUnsynced, PRIVATE_FILE, PUBLIC_FILE } from './create-file.ts';
export type { FileAccess } from './create-file.ts';
export {
  makeDirectory,
  makePrivateDirectory,
  makePrivateUnsynced,
  makePublicDirectory,
  PRIVATE_DIRECTORY,
  syncDirectory,
} from './directory.ts';
export { explained, explainFileError, explainSystemError, FileError, isWithoutInodes } from './file-error.ts';
export type { FileErrorCode } from './file-error.ts';
export { exists, lstatIfExists, namesIn, realPath, statIfExists } from './look.ts';
export { move } from './move.ts';
export { isOwnPrivateFile } from './own-private-file.ts';
export { ownAccess } from './owner.ts';
export { isPartialName, sweepFolder } from './partial.ts';
export {
  currentGeneration,
  generationIdOf,
  generationName,
  generationPath,
  generationsIn,
  isGenerationName,
  isGenerationStaged,
  isPublishedLink,
} from './generations/generation-names.ts';
export { publishGeneration } from './generations/publish-generation.ts';
export { readGeneration } from './generations/read-generation.ts';
export { cancelGeneration, stageGeneration } from './generations/stage-generation.ts';
export type { NewGeneration } from './generations/stage-generation.ts';
export { takeBackGeneration } from './generations/take-back.ts';
export { switchGeneration } from './generations/switch-generation.ts';
export { programDataFolder, readProgramData } from './program-data.ts';
export { LARGEST_FILE, readFile, readFileIfExists } from './read-file.ts';
export { openLines } from './read-lines.ts';
export type { LineFile } from './read-lines.ts';
export { placeFolder } from './place-folder.ts';
export type { FolderFile } from './place-folder.ts';
export { removeFile, removeFolder, removeFolderIfEmpty, removeUnsynced } from './remove-file.ts';
export { replaceFile, replaceLink } from './replace-file.ts';
export { replaceInFolders } from './replace-in-folders.ts';
export type { CopiedFile } from './replace-in-folders.ts';
export { replaceFiles } from './replace-files.ts';
export { findUnsafeFolder, findUnsafeFolderOf, requireSafeFile, requireSafeFolders } from './safe-folders.ts';
export type { UnsafeFolder } from './safe-folders.ts';
export { syncAll } from './sync-all.ts';
export type { Unsynced } from './sync-all.ts';
export { isWorkFolder, makeWorkFolder } from './work-folder.ts';
export { withAnchor } from './walk.ts';
export { withLock } from './with-lock.ts';
export type { LockOptions } from './with-lock.ts';
