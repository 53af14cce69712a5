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
import { selectInGroup } from './client-groups.ts';
import * as certificates from './certificate-records.ts';
import { Connection } from './connection.ts';
import { recordCopyFolder, selectCopyFolders } from './copy-folders.ts';
import * as ledger from './ledger.ts';
import * as renewals from './renewal-records.ts';
import * as lists from './revocation-lists.ts';
import * as revocations from './revocations.ts';
import { MIGRATIONS } from './migrations.ts';
import { findRegistryDamage, layDownSchema, refuseForeignRegistry, schemaVersion } from './schema.ts';
import type { OpenOptions } from './sqlite.ts';
import { toRecord } from './to-record.ts';
import * as work from './unfinished.ts';

/** It can be copied, for a backup. */
export type SqliteRegistry = Registry & {
  /** Writes all that is committed to a file that is there and empty: a registry of its own. Needs the lock. */
  copyTo(path: string): Promise<void>;
};

/** A registry in a file of SQLite, which exists and may be empty. Codes: `REGISTRY_UNUSABLE`, `REGISTRY_READ_ONLY`, …. */
export function openSqliteRegistry(path: string, options: OpenOptions = {}): SqliteRegistry {
  const connection = new Connection(path, options);
  connection.neverBlock();
  return sqliteRegistry(connection);
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
    damage: () => connection.whenFree(() => findRegistryDamage(connection)),
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
    schema: () => connection.whenFree(() => versionOf(connection)),
    roots: () => connection.whenFree(() => certificates.selectRoots(connection).map(toRecord)),
    trusted: () => connection.whenFree(() => authorities.selectTrusted(connection)),
    authorities: () => connection.whenFree(() => authorities.selectAuthorities(connection)),
    certificate: (serial) => connection.whenFree(() => one(certificates.findBySerial(connection, serial))),
    certificates: (filter) =>
      connection.whenFree(() => certificates.selectEntries(connection, filter).map(toRecord)),
    withSerialPrefix: (prefix) =>
      connection.whenFree(() => certificates.selectBySerialPrefix(connection, prefix).map(toRecord)),
    ofKey: (keyId) => connection.whenFree(() => certificates.selectByKeyId(connection, keyId).map(toRecord)),
    issuedBy: (keyId, endingAfter) =>
      connection.whenFree(() => certificates.selectIssuedBy(connection, keyId, endingAfter).map(toRecord)),
    inFolder: (kind, folderKey) =>
      connection.whenFree(() => one(certificates.findByFolderKey(connection, kind, folderKey))),
    published: () =>
      connection.whenFree(() => certificates.selectPublished(connection).map(work.toUnfinished)),
    reinstated: () => connection.whenFree(() => certificates.selectReinstated(connection).map(toRecord)),
    firstInForce: (kind, limit) =>
      connection.whenFree(() => selectInForce(connection, kind, limit).map(toRecord)),
    inGroup: (group, page) => connection.whenFree(() => selectInGroup(connection, group, page).map(toRecord)),
    attentionCounts: (filter) => connection.whenFree(() => countAttention(connection, filter)),
    attention: (filter) =>
      connection.whenFree(() => {
        const { due, expired, notYetValid } = selectAttention(connection, filter);
        return {
          due: due.map(toRecord),
          expired: expired.map(toRecord),
          notYetValid: notYetValid.map(toRecord),
        };
      }),
    unusual: (limit) => connection.whenFree(() => selectUnusual(connection, limit).map(toRecord)),
    recordedCount: () => connection.whenFree(() => countRecorded(connection)),
    inForceCount: (kind, most) => connection.whenFree(() => countInForce(connection, kind, most)),
    revocation: (serial) => connection.whenFree(() => revocations.findRevocation(connection, serial)),
    isCompromised: (publicKey) => connection.whenFree(() => revocations.isCompromised(connection, publicKey)),
    revoked: (issuer, since) =>
      connection.whenFree(() => revocations.selectRevoked(connection, issuer, since)),
    list: (issuer) => connection.whenFree(() => lists.findList(connection, issuer)),
    listTexts: () => connection.whenFree(() => lists.listTexts(connection)),
    isListUnpublished: () => connection.whenFree(() => lists.isListUnpublished(connection)),
    listNumber: (issuer) => connection.whenFree(() => authorities.findListNumber(connection, issuer)),
    areRootsDue: () => connection.whenFree(() => authorities.areRootsDue(connection)),
    unfinished: () => connection.whenFree(() => work.selectUnfinished(connection)),
    renewalFailures: () => connection.whenFree(() => renewals.selectFailures(connection)),
    unfinishedHooks: () => connection.whenFree(() => renewals.selectUnfinishedHooks(connection)),
    copyFolders: () => connection.whenFree(() => selectCopyFolders(connection)),
    events: (last) => connection.whenFree(() => ledger.selectEvents(connection, last)),
    verifyEvents: (checkpoints) => connection.whenFree(() => ledger.verifyEvents(connection, checkpoints)),
    untold: () => connection.whenFree(() => ledger.findUntold(connection)),
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
    completeRevocation: async (certificate) => revocations.completeRevocation(connection, certificate),
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
    rememberCopies: async (folder, now) => recordCopyFolder(connection, folder, now),
    appendEvent: async (event) => ledger.appendEvent(connection, event),
  };
}
