export { applyProof } from './apply-proof.ts';
export { bracketed, engineAddresses } from './engine-addresses.ts';
export { detailLines } from './proof-text.ts';
