// What packs a client's files or a backup, and reads them again. It brings the package `bundle`, which commands that issue
// or list do without.
export { clientFiles } from './client-files.ts';
export {
  bundleFileName,
  checkBundlePlace,
  isEarlierBundle,
  packClient,
  writeBundle,
} from './write-bundle.ts';
export type { MayReplace } from './write-bundle.ts';
