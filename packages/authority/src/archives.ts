// What packs a client's files or a backup, and reads them again. It brings the package `bundle`, which commands that issue
// or list do without.
export { backUp } from './back-up.ts';
export type { BackUp, BackupLock } from './back-up.ts';
export { clientFiles } from './client-files.ts';
export { restoreBackup } from './restore-backup.ts';
export type { RestoredCa, RestoreOrder } from './restore-backup.ts';
export {
  bundleFileName,
  checkBundlePlace,
  checkBundlePlaces,
  isEarlierBundle,
  packClient,
  writeBundle,
  writeBundles,
} from './write-bundle.ts';
export type { BundleArchive, BundlePlace, MayReplace } from './write-bundle.ts';
