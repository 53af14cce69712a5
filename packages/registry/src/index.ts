export type {
  CertificateRecord,
  EntryFilter,
  EntryKind,
  EntryStatus,
  LeafKind,
  NewCertificate,
  Page,
} from './certificate-record.ts';
export type { AttentionRecords, Registry, RegistryChange, RegistryReader } from './registry.ts';
export { openSqliteRegistry } from './sqlite/sqlite-registry.ts';
export type { SqliteRegistry } from './sqlite/sqlite-registry.ts';
export type { ListRecord } from './sqlite/revocation-lists.ts';
export { RegistryError, RESTORE_HINT } from './error.ts';
export type { RegistryErrorCode } from './error.ts';
export { selectAuthorities } from './sqlite/authorities.ts';
export type { AuthorityRecord, AuthorityState } from './sqlite/authorities.ts';
export type { AttentionCounts, AttentionFilter } from './sqlite/attention.ts';
export { selectRoots } from './sqlite/certificate-records.ts';
export type { RecordedEvent } from './sqlite/ledger.ts';
export { Connection } from './sqlite/connection.ts';
export type { LockWait } from './sqlite/connection.ts';
export type { Revocation } from './sqlite/revocations.ts';
export {
  findRegistryDamage,
  requireOwnSchema,
  SCHEMA_WITH_AUTHORITIES,
  SCHEMA_WITH_CHAIN,
  SCHEMA_WITH_UNFINISHED_WORK,
} from './sqlite/schema.ts';
export type { FailureReport, HookReport, RenewalFailure, UnfinishedHook } from './sqlite/renewal-records.ts';
export { asBytes } from './sqlite/sqlite.ts';
export type { SqlRow } from './sqlite/sqlite.ts';
export type { Unfinished } from './sqlite/unfinished.ts';
