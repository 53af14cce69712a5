import type { Certificate } from '@docker-mtls/ca';
import type { FailureReport, HookReport, SqliteRegistry, RegistryChange } from '@docker-mtls/registry';
import { adoptList, jumpListNumber } from './backup/adopt-list.ts';
import type { Adoption } from './backup/adopt-list.ts';
import { snapshot } from './backup/snapshot.ts';
import type { BackupFile } from './backup/snapshot.ts';
import type { Layout } from './layout.ts';
import { publishPair, publishPairs } from './publish-pair.ts';
import type { PairRequest } from './plan-pairs.ts';
import type { PublishedPair } from './publish-pair.ts';
import { createReader } from './reader.ts';
import type { StoreReader } from './reader.ts';
import { reinstatePair } from './reinstate-pair.ts';
import type { ReinstateRequest } from './reinstate-pair.ts';
import { renewRoot } from './renew-root.ts';
import type { RootRequest } from './renew-root.ts';
import { replaceKeys } from './replace-keys.ts';
import type { KeysRequest } from './replace-keys.ts';
import { repairPair } from './repair.ts';
import type { ListRequest, RevocationList } from './revocation-lists.ts';
import { storePreparedRotation, storeRetiredRotation, storeSwitchedRotation } from './rotate.ts';
import type { PrepareRequest, RetireRequest } from './rotate.ts';
import { makeNextLists, revokeCertificates } from './revoke.ts';
import type { RevokeRequest } from './revoke.ts';

export type RecordRequest = {
  /** A certificate that is made for a proof: nobody keeps it, but the registry knows every certificate. */
  readonly kind: 'probe';
  readonly certificate: Certificate;
  readonly operator: string;
  readonly now: Date;
};

export type RestoreRecord = {
  /** Serial of the CA certificate. */
  readonly serial: string;
  /** When the backup was made. */
  readonly made: Date;
  readonly operator: string;
  readonly now: Date;
};

/** A CA directory that is ours to change until `close`: others wait meanwhile. */
export type Store = StoreReader & {
  /** What a killed command had left behind and was set right on opening, in words. */
  readonly repairs: readonly string[];
  publishPair(request: PairRequest): Promise<PublishedPair>;
  /** Several, as one change. */
  publishPairs(requests: readonly PairRequest[]): Promise<readonly PublishedPair[]>;
  /** Puts a pair in force again that another one has replaced. */
  reinstatePair(request: ReinstateRequest): Promise<void>;
  /** Writes again what is missing of the files of a certificate in force, as far as the registry has it. Was there anything to do? */
  repairPair(serial: string): Promise<boolean>;
  /** Revokes certificates, on record or not, and makes the lists that say so, of the keys that issued them. */
  revoke(request: RevokeRequest): Promise<readonly RevocationList[]>;
  /** Makes the next revocation list of every trusted key. */
  issueLists(request: ListRequest): Promise<readonly RevocationList[]>;
  /** Puts a new certificate of the signing key in force. Returns the serial of the one before. */
  renewRoot(request: RootRequest): Promise<string>;
  /** All that a backup has to have: the registry, the keys and the profiles. All else is made from these. */
  snapshot(): Promise<readonly BackupFile[]>;
  /** Records what a revocation list has and the registry has not. Returns the serials. */
  adoptList(adoption: Adoption): Promise<readonly string[]>;
  /** Has the next list of a CA a number that no list since a backup can have had. */
  jumpListNumber(issuer: string, now: Date): Promise<void>;
  /** Records that all this was brought back from a backup. */
  recordRestore(restore: RestoreRecord): Promise<void>;
  /** Has another key trusted, beside the one that signs. */
  prepareRotation(request: PrepareRequest): Promise<void>;
  /** Has the prepared key sign from now on. */
  switchRotation(order: Omit<RetireRequest, 'cutOff'>): Promise<void>;
  /** Has the key that signed before not be trusted any more. */
  retireRotation(request: RetireRequest): Promise<void>;
  /** Writes the keys of the CA again, as another passphrase has them. */
  replaceKeys(request: KeysRequest): Promise<void>;
  /** Counts renewals that failed. */
  recordFailures(report: FailureReport): Promise<void>;
  /** Has a hook follow certificates that are about to be published. */
  expectHooks(serials: readonly string[], now: Date): Promise<void>;
  /** Keeps how a hook ended. */
  recordHook(report: HookReport): Promise<void>;
  /** Remembers a folder in which copies of pairs were written. */
  rememberCopies(folder: string, now: Date): Promise<void>;
  /** Makes a certificate known that has no files. */
  record(request: RecordRequest): Promise<void>;
};

export function createWriter(layout: Layout, registry: SqliteRegistry, repairs: readonly string[]): Store {
  return {
    ...createReader(layout, registry),
    repairs,
    publishPair: async (request) => publishPair(layout, registry, request),
    publishPairs: async (requests) => publishPairs(layout, registry, requests),
    reinstatePair: async (request) => reinstatePair(layout, registry, request),
    repairPair: async (serial) => repairPair(layout, registry, serial),
    revoke: async (request) => revokeCertificates(layout, registry, request),
    issueLists: async (request) => makeNextLists(layout, registry, request),
    renewRoot: async (request) => renewRoot(layout, registry, request),
    adoptList: async (adoption) => adoptList(registry, adoption),
    jumpListNumber: async (issuer, now) => jumpListNumber(registry, issuer, now),
    recordRestore: async (restore) => registry.transact((change) => recordRestore(change, restore)),
    prepareRotation: async (request) => storePreparedRotation(layout, registry, request),
    switchRotation: async (order) => storeSwitchedRotation(layout, registry, order),
    retireRotation: async (request) => storeRetiredRotation(layout, registry, request),
    replaceKeys: async (request) => replaceKeys(layout, registry, request),
    snapshot: async () => snapshot(layout, registry),
    recordFailures: async (report) => registry.transact((change) => change.recordFailures(report)),
    expectHooks: async (serials, now) => registry.transact((change) => change.expectHooks(serials, now)),
    recordHook: async (report) => registry.transact((change) => change.recordHook(report)),
    rememberCopies: async (folder, now) => registry.transact((change) => change.rememberCopies(folder, now)),
    record: async (request) => registry.transact((change) => record(change, request)),
  };
}

async function record(
  change: RegistryChange,
  { kind, certificate, operator, now }: RecordRequest,
): Promise<void> {
  const { serial, subject } = certificate.info;
  await change.insertCertificate({ certificate, kind, name: subject.commonName ?? kind, operator, now });
  await change.appendEvent({ at: now, operator, action: 'probe.issued', serial });
}

async function recordRestore(
  change: RegistryChange,
  { serial, made, operator, now }: RestoreRecord,
): Promise<void> {
  const detail = { backup: made.toISOString() };
  await change.appendEvent({ at: now, operator, action: 'ca.restored', serial, detail });
}
