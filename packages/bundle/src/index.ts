export { packBundle } from './pack-bundle.ts';
export type { BundleFiles, FlatLayout } from './pack-bundle.ts';
