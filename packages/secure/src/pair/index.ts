// What issuing a pair needs alone: the rest of the package brings the engine and the proof, and takes longer to load.
export { checkCopy, copyPair } from './copy-pair.ts';
export type { OutPair, PairToCopy } from './copy-pair.ts';
export { layoutFiles } from './out-layout.ts';
export type { OutLayout } from './out-layout.ts';
