// What packs a client's files or a backup, and reads them again. It brings the package `bundle`, which commands that issue
// or list do without.
export { backUp } from './back-up.ts';
export type { BackUp, BackupLock } from './back-up.ts';
export { bundleClients } from './bundle/bundle-list.ts';
export type { PackedClient } from './bundle/bundle-list.ts';
export { bundleClient, writeClientBundles } from './bundle/bundle-one.ts';
export type { BundleTarget, OneBundleOrder, PackedBundle, WrittenBundle } from './bundle/bundle-one.ts';
export type { BundleForm, BundleOrder } from './bundle/bundle-order.ts';
export { clientFiles } from './client-files.ts';
export { refreshBundles } from './refresh-bundles.ts';
export type { CopyPlaces } from './refresh-bundles.ts';
export { restoreBackup } from './restore-backup.ts';
export type { RestoredCa, RestoreOrder } from './restore-backup.ts';
export {
  bundleFileName,
  checkBundlePlace,
  isEarlierBundle,
  packClient,
  writeBundle,
} from './write-bundle.ts';
export type { MayReplace } from './write-bundle.ts';
