export type {
  CertificateRecord,
  EntryFilter,
  EntryKind,
  EntryStatus,
  LeafKind,
  NewCertificate,
} from './certificate-record.ts';
export type { AttentionRecords, Registry, RegistryChange, RegistryReader } from './registry.ts';
export { openSqliteRegistry } from './sqlite/sqlite-registry.ts';
export type { ListRecord } from './sqlite/revocation-lists.ts';
export { RegistryError } from './error.ts';
export type { RegistryErrorCode } from './error.ts';
export {
  areRootsDue,
  deleteList,
  selectTrusted,
  setAuthorityState,
  findListNumber,
  raiseListNumber,
  insertAuthority,
  oweRoots,
  rootsAreOut,
  selectAuthorities,
} from './sqlite/authorities.ts';
export type { AuthorityRecord, AuthorityState } from './sqlite/authorities.ts';
export {
  countAttention,
  countInForce,
  countRecorded,
  selectAttention,
  selectInForce,
  selectUnusual,
} from './sqlite/attention.ts';
export type { AttentionCounts, AttentionFilter, AttentionRows } from './sqlite/attention.ts';
export {
  findByFolderKey,
  findBySerial,
  insertCertificate,
  markCurrent,
  markReplaced,
  markRevoked,
  selectByKeyId,
  selectBySerialPrefix,
  selectEntries,
  selectIssuedBy,
  selectPublished,
  selectReinstated,
  selectRoots,
} from './sqlite/certificate-records.ts';
export { appendEvent, findUntold, selectEvents, verifyEvents } from './sqlite/ledger.ts';
export type { RecordedEvent } from './sqlite/ledger.ts';
export { Connection } from './sqlite/connection.ts';
export type { LockOptions } from './sqlite/connection.ts';
export {
  findRevocation,
  insertRevocation,
  isCompromised,
  selectRevoked,
  updateReason,
} from './sqlite/revocations.ts';
export type { Revocation } from './sqlite/revocations.ts';
export {
  findRegistryDamage,
  layDownSchema,
  migrate,
  refuseForeignRegistry,
  requireOwnSchema,
  SCHEMA_WITH_AUTHORITIES,
  SCHEMA_WITH_CHAIN,
  SCHEMA_WITH_REVOCATIONS,
  SCHEMA_WITH_UNFINISHED_WORK,
  schemaVersion,
} from './sqlite/schema.ts';
export {
  expectHooks,
  recordFailures,
  recordHook,
  selectFailures,
  selectUnfinishedHooks,
} from './sqlite/renewal-records.ts';
export type { FailureReport, HookReport, RenewalFailure, UnfinishedHook } from './sqlite/renewal-records.ts';
export { asBytes } from './sqlite/sqlite.ts';
export type { SqlRow } from './sqlite/sqlite.ts';
export { beginWork, endWork, selectUnfinished } from './sqlite/unfinished.ts';
export type { Unfinished } from './sqlite/unfinished.ts';
