import type { Verification } from '@docker-mtls/audit';
import type { Checkpoint } from '@docker-mtls/audit/log';
import type { Certificate, RevocationReason, RevokedCertificate } from '@docker-mtls/ca';
import type {
  CertificateRecord,
  EntryFilter,
  EntryKind,
  LeafKind,
  NewCertificate,
  Page,
} from './certificate-record.ts';
import type { AttentionCounts, AttentionFilter } from './sqlite/attention.ts';
import type { AuthorityRecord, TrustedRecord } from './sqlite/authorities.ts';
import type { LockWait } from './sqlite/connection.ts';
import type { LedgerEvent, RecordedEvent } from './sqlite/ledger.ts';
import type { FailureReport, HookReport, RenewalFailure, UnfinishedHook } from './sqlite/renewal-records.ts';
import type { ListRecord } from './sqlite/revocation-lists.ts';
import type { NewRevocation, Revocation } from './sqlite/revocations.ts';
import type { Unfinished } from './sqlite/unfinished.ts';

/** What is on record of a CA. A registry of an earlier schema tells what it knows. */
export type RegistryReader = {
  /** Of the schema; 0: nothing was ever committed. Codes: `REGISTRY_CORRUPT` (not ours), `REGISTRY_NEWER`. */
  schema(): Promise<number>;
  /** The CA certificates that are trusted now, the newest first. */
  roots(): Promise<readonly CertificateRecord[]>;
  /** The keys that are trusted, that with the newest certificate first, as of one moment; none in an earlier schema. */
  trusted(): Promise<readonly TrustedRecord[]>;
  /** Every key that the CA has had. */
  authorities(): Promise<readonly AuthorityRecord[]>;
  certificate(serial: string): Promise<CertificateRecord | undefined>;
  /** CAs first, then servers, clients and probes, by name; those in force first, the newest first. */
  certificates(filter: EntryFilter): Promise<readonly CertificateRecord[]>;
  /** `prefix`: lower-case hexadecimal digits and nothing else. */
  withSerialPrefix(prefix: string): Promise<readonly CertificateRecord[]>;
  ofKey(keyId: string): Promise<readonly CertificateRecord[]>;
  /** Leaves that end after that and were not revoked, and in whose bytes this key identifier is: for a closer look. */
  issuedBy(keyId: Buffer, endingAfter: Date): Promise<readonly CertificateRecord[]>;
  /** The one in force whose folder is, or on some file system would be, the same. */
  inFolder(kind: LeafKind, folderKey: string): Promise<CertificateRecord | undefined>;
  /** What should be published. */
  published(): Promise<readonly Unfinished[]>;
  /** What is in force again in the place of a later one. */
  reinstated(): Promise<readonly CertificateRecord[]>;
  /** The first of a kind that are in force, by name. */
  firstInForce(kind: EntryKind, limit: number): Promise<readonly CertificateRecord[]>;
  /** Clients in force of a group, by serial number; of a registry of an earlier schema, of any group. */
  inGroup(group: string, page: Page): Promise<readonly CertificateRecord[]>;
  attentionCounts(filter: AttentionFilter): Promise<AttentionCounts>;
  attention(filter: AttentionFilter): Promise<AttentionRecords>;
  /** Leaves in force that may be weak, live for long or pass for both roles: for a closer look. */
  unusual(limit: number): Promise<readonly CertificateRecord[]>;
  /** How many certificates were ever recorded: they are never removed. */
  recordedCount(): Promise<number>;
  /** How many of a kind are in force. It counts no further than `most`. */
  inForceCount(kind: EntryKind, most: number): Promise<number>;
  /** Of a certificate that may not be on record, too. */
  revocation(serial: string): Promise<Revocation | undefined>;
  /** Was a certificate of this key revoked because others have the key? */
  isCompromised(publicKey: Buffer): Promise<boolean>;
  /** The entries of a CA's list: what had not ended by `since`, and what has no known end. */
  revoked(issuer: string, since: Date): Promise<readonly RevokedCertificate[]>;
  /** The newest list of a CA. */
  list(issuer: string): Promise<ListRecord | undefined>;
  /** The newest list of each CA in PEM, the newest first. */
  listTexts(): Promise<readonly string[]>;
  /** Has a list been recorded that is not known to be in place? */
  isListUnpublished(): Promise<boolean>;
  /** The number that the next list of a CA is above, whatever lists are on record. */
  listNumber(issuer: string): Promise<bigint>;
  /** Has a change of the trusted roots been recorded that is not known to have reached every copy? */
  areRootsDue(): Promise<boolean>;
  /** Publications and removals that have begun, and are not known to be over. */
  unfinished(): Promise<readonly Unfinished[]>;
  renewalFailures(): Promise<readonly RenewalFailure[]>;
  unfinishedHooks(): Promise<readonly UnfinishedHook[]>;
  /** The folders in which bundles and exported credentials were written, by name. */
  copyFolders(): Promise<readonly string[]>;
  /** The newest events, the oldest of them first; all of them without a number. */
  events(last?: number): Promise<readonly RecordedEvent[]>;
  /** Follows the chain of all events, and compares it with what was kept of it elsewhere. */
  verifyEvents(checkpoints?: readonly Checkpoint[]): Promise<Verification>;
  /** A certificate of which no event tells: those that did were removed. */
  untold(): Promise<string | undefined>;
};

/** The most urgent of each sort, the most urgent first. */
export type AttentionRecords = Readonly<
  Record<'due' | 'expired' | 'notYetValid', readonly CertificateRecord[]>
>;

/** What can be recorded in a change. It reads what the change itself has recorded. */
export type RegistryChange = RegistryReader & {
  /** A serial number that is on record, or a folder that is taken, is refused. */
  insertCertificate(certificate: NewCertificate): Promise<void>;
  markReplaced(serial: string, by: string, now: Date): Promise<void>;
  markRevoked(revocation: Revocation): Promise<void>;
  /** Puts a replaced certificate in force again. */
  markCurrent(serial: string): Promise<void>;
  insertAuthority(authority: AuthorityRecord): Promise<void>;
  setAuthorityState(authority: Omit<AuthorityRecord, 'keyFile'>): Promise<void>;
  insertRevocation(revocation: NewRevocation): Promise<void>;
  /** Of a revocation that had the serial number alone: the certificate, whose key may be one that others have. */
  completeRevocation(certificate: Certificate): Promise<void>;
  /** A reason may turn out worse later on. */
  updateReason(serial: string, reason: RevocationReason): Promise<void>;
  /** Records a list in the place of the one before of the same CA. */
  insertList(list: ListRecord & { readonly pem: string }): Promise<void>;
  /** Forgets the list of a CA that makes none any more: the others are to be published without it. */
  deleteList(issuer: string): Promise<void>;
  raiseListNumber(issuer: string, atLeast: bigint): Promise<void>;
  listsArePublished(): Promise<void>;
  /** The copies of ca.pem have to follow. */
  oweRoots(): Promise<void>;
  rootsAreOut(): Promise<void>;
  beginWork(work: Unfinished): Promise<void>;
  endWork(serials: readonly string[]): Promise<void>;
  recordFailures(report: FailureReport): Promise<void>;
  expectHooks(serials: readonly string[], now: Date): Promise<void>;
  recordHook(report: HookReport): Promise<void>;
  /** Remembers such a folder; the oldest of more than a hundred are forgotten. */
  rememberCopies(folder: string, now: Date): Promise<void>;
  /** Adds to the history, in the chain of events. */
  appendEvent(event: LedgerEvent): Promise<void>;
};

/**
 * The record of a CA, in whatever database. `describeRegistry` holds every adapter to what is said here. Nothing is changed
 * without the lock, which is that of the whole CA directory.
 */
export type Registry = RegistryReader & {
  /** Takes the lock and keeps it until `close`. Code: `REGISTRY_BUSY`. */
  lock(options?: LockWait): Promise<void>;
  /**
   * Does the work and commits it durably, as one change with the events that it appends; when it throws, nothing of it remains.
   * Two of one registry take turns. Needs the lock.
   */
  transact<T>(work: (change: RegistryChange) => Promise<T>): Promise<T>;
  /**
   * Brings a registry, new or of an earlier release, to the newest schema, and does more work of the same change, which is told
   * from which schema; nothing, where there is nothing to do. Needs the lock. Codes: as `schema`.
   */
  migrate(also?: (change: RegistryChange, from: number) => Promise<void>): Promise<void>;
  /** What the database itself finds wrong with what it holds, in its own words. */
  damage(): Promise<string | undefined>;
  /** Gives the lock back and closes. What was not committed is gone. Never throws: there may be an error on its way. */
  close(): Promise<void>;
};
