// Issuing to everybody whom a file lists.
export { issuePairs } from './issue-pairs.ts';
export type { IssuedOne } from './issue-pairs.ts';
export { sortClients } from './listed-clients.ts';
export type { ClientList } from './listed-clients.ts';
export { sortServers } from './listed-servers.ts';
export type { ServerList } from './listed-servers.ts';
export { readNames, readServerNames } from './names-file.ts';
export type { ListedClient, ListedServer } from './names-file.ts';
