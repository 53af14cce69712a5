// Where a client's files are that no CA directory here has: `env` looks there, and runs in every new shell.
export { contextClient } from './store/install-context.ts';
export { isTcpHost } from './store/context-host.ts';
export { dockerConfigDirectory, endpointFolder as certificateFolder } from './store/paths.ts';
export { listContexts } from './store/read-contexts.ts';
export type { StoredContext } from './store/read-contexts.ts';
export { ownUnpacked, requireUnpacked } from './unpacked/unpacked-folder.ts';
export type { ClientSource } from './unpacked/unpacked-folder.ts';
