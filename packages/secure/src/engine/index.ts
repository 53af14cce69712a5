export { clientsOrder } from './cut-off-order.ts';
export { engineCaller } from './engine-caller.ts';
export { configurationOrder } from './engine-order.ts';
export { servedServer } from '../pair/served-pair.ts';
