import nodePath from 'node:path';
import type { Verification } from '@docker-mtls/audit';
import type { Checkpoint } from '@docker-mtls/audit/log';
import { keyIdOfKey, readCertificate } from '@docker-mtls/ca';
import type { Certificate, Profile, ProfileKind } from '@docker-mtls/ca';
import { currentGeneration } from '@docker-mtls/files';
import { signingAuthority, trustedAuthorities } from './authorities.ts';
import type { TrustedAuthority } from './authorities.ts';
import { SCHEMA_WITH_CHAIN, SCHEMA_WITH_UNFINISHED_WORK } from '@docker-mtls/registry';
import type {
  AttentionCounts,
  AttentionFilter,
  CertificateRecord,
  EntryFilter,
  LeafKind,
  Page,
  RecordedEvent,
  Registry,
  RegistryReader,
  RenewalFailure,
  Revocation,
  UnfinishedHook,
} from '@docker-mtls/registry';
import type { Entry } from './entry.ts';
import { StoreError } from './error.ts';
import { foldFolderName, toFolderName } from './folder-name.ts';
import type { Layout } from './layout.ts';
import {
  isPublished,
  isStaged,
  keptDirectory,
  pairDirectory,
  readKeptFiles,
  readPairFiles,
} from './pair-folder.ts';
import type { PairFiles } from './pair-folder.ts';
import { readProfile } from './profile-file.ts';
import { recordedPair } from './reinstate-pair.ts';
import { listsPem, newestList } from './revocation-lists.ts';
import type { RevocationList } from './revocation-lists.ts';
import { rootsPem } from './root-files.ts';

/** What can be known of a CA without changing it. */
export type StoreReader = {
  readonly directory: string;
  /** The CA that signs, the roots that are trusted (newest first) and the key file's text, perhaps encrypted. */
  authority(): Promise<AuthorityFiles>;
  /** Every trusted key of the CA, that with the newest certificate first. In the course of a rotation there are two. */
  authorities(): Promise<readonly TrustedAuthority[]>;
  profile(kind: ProfileKind): Promise<Profile>;
  /** The certificate in force under exactly this name. */
  current(kind: LeafKind, name: string): Promise<Entry | undefined>;
  /** The certificate in force whose folder that name would have, under this name or one that a file system takes for it. */
  holder(kind: LeafKind, name: string): Promise<Entry | undefined>;
  entries(filter?: EntryFilter): Promise<readonly Entry[]>;
  /** By exact name, or by at least 4 digits of the serial, with or without colons; all that match. */
  find(serialOrName: string): Promise<readonly Entry[]>;
  /** All certificates of one public key. */
  ofKey(certificate: Certificate): Promise<readonly Entry[]>;
  /** Leaves of one key of the CA that have not ended at that moment and are not revoked, replaced or not. */
  issuedBy(keyId: string, now: Date): Promise<readonly Entry[]>;
  /** Of a certificate that may not be on record, too. */
  revocation(serial: string): Promise<Revocation | undefined>;
  /** The newest list of the CA with this key identifier. */
  revocationList(issuer: string): Promise<RevocationList | undefined>;
  /** Certificates in force of one kind that are due, have expired or are not valid yet. */
  attention(filter: AttentionFilter): Promise<Attention>;
  /** Leaves in force that may be weak, live for long or pass for both roles: for a closer look, at most so many. */
  unusual(limit: number): Promise<readonly Entry[]>;
  /** The first pairs of a kind that are in force, by name. */
  inForce(kind: LeafKind, limit: number): Promise<readonly Entry[]>;
  /** Clients in force of a group, by serial number. */
  inGroup(group: string, page: Page): Promise<readonly Entry[]>;
  /** What `ca.pem` and `crl.pem` are to hold. */
  publicFiles(): Promise<{ readonly ca: string; readonly crl: string }>;
  /** How much is on record. Certificates in force are counted no further than `most`. */
  recorded(most: number): Promise<RecordedCounts>;
  /** Of certificates in force whose last renewal failed. */
  renewalFailures(): Promise<readonly RenewalFailure[]>;
  /** Of certificates in force whose hook has not succeeded. */
  unfinishedHooks(): Promise<readonly UnfinishedHook[]>;
  /** The folders in which bundles and exported credentials were written, by name. */
  copyFolders(): Promise<readonly string[]>;
  /** What was done, by whom and when: the newest events, the oldest of them first; all of them without a number. */
  events(last?: number): Promise<readonly RecordedEvent[]>;
  /** Whether the events still follow from each other, and from checkpoints that were kept elsewhere. */
  verifyEvents(checkpoints?: readonly Checkpoint[]): Promise<EventsVerdict>;
  close(): Promise<void>;
};

/** `unchained`: no change was made since an earlier release wrote them. `untold`: a certificate that no event tells of. */
export type EventsVerdict =
  Verification | { readonly kind: 'unchained' } | { readonly kind: 'untold'; readonly serial: string };

export type AuthorityFiles = {
  readonly certificate: Certificate;
  readonly roots: readonly Certificate[];
  readonly keyPem: string;
};

export type Attention = {
  readonly counts: AttentionCounts;
  /** The most urgent of each sort. */
  readonly due: readonly Entry[];
  readonly expired: readonly Entry[];
  readonly notYetValid: readonly Entry[];
};

export type RecordedCounts = {
  /** Certificates that were ever recorded. */
  readonly certificates: number;
  readonly servers: number;
  readonly clients: number;
  /** Publications that have begun and are not known to be over. */
  readonly unfinished: number;
};

export function createReader(layout: Layout, registry: Registry): StoreReader {
  const toEntries = (rows: readonly CertificateRecord[]): Entry[] => rows.map((row) => toEntry(layout, row));
  return {
    directory: layout.directory,
    authority: async () => readAuthority(layout, registry),
    authorities: async () => trustedAuthorities(layout, registry),
    profile: async (kind) => readProfile(layout, kind),
    current: async (kind, name) => toEntries(await registry.certificates({ kind, name }))[0],
    holder: async (kind, name) => {
      const row = await registry.inFolder(kind, foldFolderName(toFolderName(kind, name)));
      return row === undefined ? undefined : toEntry(layout, row);
    },
    entries: async (filter = {}) => toEntries(await registry.certificates(filter)),
    find: async (serialOrName) => toEntries(await findRows(registry, serialOrName)),
    ofKey: async ({ info: { keyId, publicKey } }) => {
      // A certificate by another program may have another identifier of the same key, or none.
      const ids = [...new Set([keyIdOfKey(publicKey), keyId ?? keyIdOfKey(publicKey)])];
      const rows = await Promise.all(ids.map((id) => registry.ofKey(id)));
      return toEntries(rows.flat()).filter((entry) => entry.certificate().info.publicKey.equals(publicKey));
    },
    issuedBy: async (keyId, now) =>
      toEntries(await registry.issuedBy(Buffer.from(keyId, 'hex'), now)).filter(
        (entry) => entry.certificate().info.authorityKeyId === keyId,
      ),
    revocation: async (serial) => registry.revocation(serial),
    revocationList: async (issuer) => newestList(registry, issuer),
    attention: async (filter) => {
      const { due, expired, notYetValid } = await registry.attention(filter);
      return {
        counts: await registry.attentionCounts(filter),
        due: toEntries(due),
        expired: toEntries(expired),
        notYetValid: toEntries(notYetValid),
      };
    },
    unusual: async (limit) => toEntries(await registry.unusual(limit)),
    inForce: async (kind, limit) => toEntries(await registry.firstInForce(kind, limit)),
    inGroup: async (group, page) => toEntries(await registry.inGroup(group, page)),
    publicFiles: async () => ({ ca: await rootsPem(registry), crl: await listsPem(registry) }),
    recorded: async (most) => recordedCounts(registry, most),
    renewalFailures: async () => registry.renewalFailures(),
    unfinishedHooks: async () => registry.unfinishedHooks(),
    copyFolders: async () => registry.copyFolders(),
    events: async (last) => registry.events(last),
    verifyEvents: async (checkpoints) => verdictOn(registry, checkpoints),
    close: async () => registry.close(),
  };
}

async function recordedCounts(registry: RegistryReader, most: number): Promise<RecordedCounts> {
  // Status may look at the CA directory of an earlier release, which only commands that change it bring up to date.
  const tellsUnfinished = (await registry.schema()) >= SCHEMA_WITH_UNFINISHED_WORK;
  return {
    certificates: await registry.recordedCount(),
    servers: await registry.inForceCount('server', most),
    clients: await registry.inForceCount('client', most),
    unfinished: tellsUnfinished ? (await registry.unfinished()).length : 0,
  };
}

async function verdictOn(
  registry: RegistryReader,
  checkpoints?: readonly Checkpoint[],
): Promise<EventsVerdict> {
  if ((await registry.schema()) < SCHEMA_WITH_CHAIN) return { kind: 'unchained' };
  const verdict = await registry.verifyEvents(checkpoints);
  const serial = verdict.kind === 'intact' ? await registry.untold() : undefined;
  return serial === undefined ? verdict : { kind: 'untold', serial };
}

async function readAuthority(layout: Layout, registry: RegistryReader): Promise<AuthorityFiles> {
  const { certificate, keyPem } = await signingAuthority(layout, registry);
  const roots = (await trustedAuthorities(layout, registry)).map((each) => each.certificate);
  return { certificate, roots, keyPem: keyPem() };
}

async function findRows(
  registry: RegistryReader,
  serialOrName: string,
): Promise<readonly CertificateRecord[]> {
  const named = await registry.certificates({ name: serialOrName, all: true });
  const inForce = named.filter((row) => row.status === 'current');
  const probes = await registry.certificates({ kind: 'probe', name: serialOrName, all: true });
  const digits = serialOrName.replaceAll(':', '').toLowerCase();
  const numbered = /^[0-9a-f]{4,}$/u.test(digits) ? await registry.withSerialPrefix(digits) : [];
  const rows = [...(inForce.length > 0 ? inForce : named), ...probes, ...numbered];
  return rows.filter((row, index) => rows.findIndex((other) => other.serial === row.serial) === index);
}

function toEntry(layout: Layout, record: CertificateRecord): Entry {
  const { serial, kind, name, notBefore, notAfter, issuedAt, issuedBy, fingerprint, keyType, status } =
    record;
  const { replacedBy, revokedAt, revocationReason } = record;
  return {
    serial,
    kind,
    name,
    notBefore,
    notAfter,
    issuedAt,
    issuedBy,
    fingerprint,
    keyType,
    status,
    ...(replacedBy !== undefined && { replacedBy }),
    ...(revokedAt !== undefined && { revokedAt }),
    ...(revocationReason !== undefined && { revocationReason }),
    get groups() {
      return groupsIn(record.der);
    },
    certificate: () => readCertificate(record.der),
    get directory() {
      return directoryOf(layout, record);
    },
    read: () => readEntry(layout, record),
  };
}

/** The object identifier of an organizational unit (RFC 5280 appendix A.1), as DER has it. */
const UNIT = Buffer.from('060355040b', 'hex');

/** Most certificates name none, and of a hundred thousand few should be read. */
function groupsIn(der: Buffer): readonly string[] {
  return der.includes(UNIT) ? readCertificate(der).info.subject.organizationalUnits : [];
}

function directoryOf(layout: Layout, row: CertificateRecord): string | undefined {
  if (row.folder === undefined) return undefined;
  const pair = recordedPair(row);
  if (isPublished(layout, pair)) return pairDirectory(layout, pair);
  const kept = keptDirectory(layout, pair);
  if (row.status !== 'current') return kept;
  const directory = pairDirectory(layout, pair);
  const isInForce = kept === nodePath.join(directory, currentGeneration(directory) ?? '');
  // Its files are missing, a killed command has not published them, or another pair has replaced it since.
  return kept === undefined || isInForce || isStaged(layout, pair) ? undefined : directory;
}

/** The files of this certificate, also when another pair has replaced it since the row was read. */
function readEntry(layout: Layout, row: CertificateRecord): PairFiles {
  const pair = recordedPair(row);
  const kept = readKeptFiles(layout, pair);
  if (kept !== undefined) return kept;
  const directory = pairDirectory(layout, pair);
  // Plain files that somebody has changed are for the caller to find fault with.
  if (currentGeneration(directory) === undefined) return readPairFiles(layout, directory, pair.kind);
  const message = `the files of certificate ${pair.serial} are no longer in ${directory}`;
  throw new StoreError('CA_DIRECTORY_FILES_MISSING', message, {
    hint: 'run the command again: another pair may have replaced this one',
  });
}
