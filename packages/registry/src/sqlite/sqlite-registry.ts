import type { Registry, RegistryChange, RegistryReader } from '../registry.ts';
import {
  countAttention,
  countInForce,
  countRecorded,
  selectAttention,
  selectInForce,
  selectUnusual,
} from './attention.ts';
import * as authorities from './authorities.ts';
import * as certificates from './certificate-records.ts';
import { Connection } from './connection.ts';
import * as ledger from './ledger.ts';
import * as renewals from './renewal-records.ts';
import * as lists from './revocation-lists.ts';
import * as revocations from './revocations.ts';
import {
  findRegistryDamage,
  layDownSchema,
  MIGRATIONS,
  refuseForeignRegistry,
  schemaVersion,
} from './schema.ts';
import type { OpenOptions } from './sqlite.ts';
import { toRecord } from './to-record.ts';
import * as work from './unfinished.ts';

/** It can be copied, for a backup. */
export type SqliteRegistry = Registry & {
  /** Writes all that is committed to a file that is there and empty: a registry of its own. Needs the lock. */
  copyTo(path: string): Promise<void>;
};

/** A registry in a file of SQLite, which has to be there, be it empty. Codes: `STORE_UNUSABLE`, `STORE_READ_ONLY`, …. */
export function openSqliteRegistry(path: string, options: OpenOptions = {}): SqliteRegistry {
  return sqliteRegistry(new Connection(path, options));
}

function sqliteRegistry(connection: Connection): SqliteRegistry {
  const change = { ...readerOf(connection), ...writerOf(connection) };
  const transact: Registry['transact'] = (task) => connection.change(() => task(change));
  return {
    ...readerOf(connection),
    lock: (options) => connection.lock(options),
    transact,
    migrate: async (also) => {
      const from = versionOf(connection);
      // An empty commit would already shut readers out.
      if (from === MIGRATIONS.length) return;
      await transact(async () => {
        layDownSchema(connection);
        await also?.(change, from);
      });
    },
    copyTo: async (path) => connection.copyTo(path),
    damage: async () => findRegistryDamage(connection),
    close: async () => connection.close(),
  };
}

function versionOf(connection: Connection): number {
  const version = schemaVersion(connection);
  refuseForeignRegistry(connection, version);
  return version;
}

function readerOf(connection: Connection): RegistryReader {
  return {
    schema: async () => versionOf(connection),
    roots: async () => certificates.selectRoots(connection).map(toRecord),
    trusted: async () => authorities.selectTrusted(connection),
    authorities: async () => authorities.selectAuthorities(connection),
    certificate: async (serial) => one(certificates.findBySerial(connection, serial)),
    certificates: async (filter) => certificates.selectEntries(connection, filter).map(toRecord),
    withSerialPrefix: async (prefix) => certificates.selectBySerialPrefix(connection, prefix).map(toRecord),
    ofKey: async (keyId) => certificates.selectByKeyId(connection, keyId).map(toRecord),
    issuedBy: async (keyId, endingAfter) =>
      certificates.selectIssuedBy(connection, keyId, endingAfter).map(toRecord),
    inFolder: async (kind, folderKey) => one(certificates.findByFolderKey(connection, kind, folderKey)),
    published: async () => certificates.selectPublished(connection).map(work.toUnfinished),
    reinstated: async () => certificates.selectReinstated(connection).map(toRecord),
    firstInForce: async (kind, limit) => selectInForce(connection, kind, limit).map(toRecord),
    attentionCounts: async (filter) => countAttention(connection, filter),
    attention: async (filter) => {
      const { due, expired, notYetValid } = selectAttention(connection, filter);
      return {
        due: due.map(toRecord),
        expired: expired.map(toRecord),
        notYetValid: notYetValid.map(toRecord),
      };
    },
    unusual: async (limit) => selectUnusual(connection, limit).map(toRecord),
    recordedCount: async () => countRecorded(connection),
    inForceCount: async (kind, most) => countInForce(connection, kind, most),
    revocation: async (serial) => revocations.findRevocation(connection, serial),
    isCompromised: async (publicKey) => revocations.isCompromised(connection, publicKey),
    revoked: async (issuer, since) => revocations.selectRevoked(connection, issuer, since),
    list: async (issuer) => lists.findList(connection, issuer),
    listTexts: async () => lists.listTexts(connection),
    isListUnpublished: async () => lists.isListUnpublished(connection),
    listNumber: async (issuer) => authorities.findListNumber(connection, issuer),
    areRootsDue: async () => authorities.areRootsDue(connection),
    unfinished: async () => work.selectUnfinished(connection),
    renewalFailures: async () => renewals.selectFailures(connection),
    unfinishedHooks: async () => renewals.selectUnfinishedHooks(connection),
    events: async (last) => ledger.selectEvents(connection, last),
    verifyEvents: async (checkpoints) => ledger.verifyEvents(connection, checkpoints),
    untold: async () => ledger.findUntold(connection),
  };
}

function one(row: Parameters<typeof toRecord>[0] | undefined): ReturnType<typeof toRecord> | undefined {
  return row === undefined ? undefined : toRecord(row);
}

function writerOf(connection: Connection): Omit<RegistryChange, keyof RegistryReader> {
  return {
    insertCertificate: async (record) => certificates.insertCertificate(connection, record),
    markReplaced: async (serial, by, now) => certificates.markReplaced(connection, serial, by, now),
    markRevoked: async (revocation) => certificates.markRevoked(connection, revocation),
    markCurrent: async (serial) => certificates.markCurrent(connection, serial),
    insertAuthority: async (authority) => authorities.insertAuthority(connection, authority),
    setAuthorityState: async (authority) => authorities.setAuthorityState(connection, authority),
    deleteList: async (issuer) => authorities.deleteList(connection, issuer),
    insertRevocation: async (revocation) => revocations.insertRevocation(connection, revocation),
    updateReason: async (serial, reason) => revocations.updateReason(connection, serial, reason),
    insertList: async (list) => lists.insertList(connection, list),
    raiseListNumber: async (issuer, atLeast) => authorities.raiseListNumber(connection, issuer, atLeast),
    listsArePublished: async () => lists.listsArePublished(connection),
    oweRoots: async () => authorities.oweRoots(connection),
    rootsAreOut: async () => authorities.rootsAreOut(connection),
    beginWork: async (unfinished) => work.beginWork(connection, unfinished),
    endWork: async (serials) => work.endWork(connection, serials),
    recordFailures: async (report) => renewals.recordFailures(connection, report),
    expectHooks: async (serials, now) => renewals.expectHooks(connection, serials, now),
    recordHook: async (report) => renewals.recordHook(connection, report),
    appendEvent: async (event) => ledger.appendEvent(connection, event),
  };
}
