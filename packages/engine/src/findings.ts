// What a report on this machine's engines is made of.
export { checkDropIn } from './drop-in-findings.ts';
export type { DropInFindingId } from './drop-in-findings.ts';
export { listenersAt, listeningSockets } from './listening-sockets.ts';
export type { ListeningSocket } from './listening-sockets.ts';
export { otherEngineSockets } from './other-engine-sockets.ts';
export { publishedTwice } from './published-twice.ts';
export { refreshDropIn } from './refresh-drop-in.ts';
