export { findHolders, installAuthorization } from './install-authorization.ts';
export type { AuthorizationOrder, Holders } from './install-authorization.ts';
