// One question to an address, without the proof of an engine.
export { askAnyone } from './ask-anyone.ts';
export type { AskedAnyone, Stance } from './ask-anyone.ts';
export { askSocket } from './ask-socket.ts';
export { askAsClient } from './ask-as-client.ts';
export type { ClientTls } from './ask-as-client.ts';
export { presentedAt } from './presented-at.ts';
export type { PresentedAt } from './presented-at.ts';
export { tap } from './tap.ts';
export type { Presented } from './presented.ts';
