// How revocation lists come to engines. It brings the package `ssh`, which `secure` does without.
export { awaitDenials } from './await-denials.ts';
export { deliverLists } from './deliver-lists.ts';
export type { Delivery } from './deliver-lists.ts';
export { refuseOtherThanList } from './push-list.ts';
export type { Pushed, PushTarget } from './push-list.ts';
