export { findClient, runClient } from './client.ts';
export type { ClientOutcome, ClientPlace } from './client.ts';
export { CERTS, CLIENT, CLIENT_BUNDLE, CONFIG, SERVER } from './folders.ts';
export type { HostFolder } from './host-folder.ts';
export { CONFIG_FOLDER } from './host-path.ts';
export { findServer, runServer } from './server.ts';
export type { ServerOutcome, ServerPlace } from './server.ts';
export { addressOf, isForOthers } from './server-address.ts';
