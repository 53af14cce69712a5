export { joinKey } from './join-key.ts';
export type { WholeBundle } from './join-key.ts';
export { openBundle } from './open-bundle.ts';
export type { OpenedBundle } from './open-bundle.ts';
export type { BundleLayout } from './layout-of.ts';
