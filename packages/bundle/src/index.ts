export { BundleError } from './error.ts';
export type { BundleErrorCode } from './error.ts';
export { packBundle } from './layout/pack-bundle.ts';
export type { BundleFiles, FlatLayout } from './layout/pack-bundle.ts';
