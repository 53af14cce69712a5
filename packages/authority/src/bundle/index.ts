export { bundleClients } from './bundle-list.ts';
export type { PackedClient } from './bundle-list.ts';
export { bundleClient, writeClientBundles } from './bundle-one.ts';
export type { BundleTarget, OneBundleOrder, PackedBundle, WrittenBundle } from './bundle-one.ts';
export type { BundleForm, BundleOrder } from './bundle-order.ts';
export { refreshBundles } from '../refresh-bundles.ts';
export type { CopyPlaces } from '../refresh-bundles.ts';
