import fs from 'node:fs';
import { readCertificate } from '@docker-mtls/ca';
import type { Certificate, RevocationReason } from '@docker-mtls/ca';
import type { RegistryReader, Registry, RegistryChange, Revocation } from '@docker-mtls/registry';
import { trustedAuthorities } from './authorities.ts';
import type { Layout } from './layout.ts';
import { orUnpublished } from './or-unpublished.ts';
import { pairDirectory } from './pair-folder.ts';
import type { RecordedPair } from './pair-folder.ts';
import { requireOwn, requireWritable } from './require-own.ts';
import { recordedPair } from './reinstate-pair.ts';
import { publishLists, recordList } from './revocation-lists.ts';
import type { ListRequest, RevocationList } from './revocation-lists.ts';
import { unpublishPair } from './unpublish-pair.ts';

/** A certificate on record, by its serial; of another one, the certificate itself where it is at hand. */
export type RevokeTarget = { readonly serial: string; readonly certificate?: Certificate | undefined };

export type RevokeRequest = Omit<ListRequest, 'lifetime'> & {
  readonly targets: readonly RevokeTarget[];
  readonly reason: RevocationReason;
  /** Leave the files where they are. */
  readonly keepFiles: boolean;
};

/**
 * Revokes certificates and makes the list that says so, as one change; then puts `crl.pem` in place and removes the files of
 * what was revoked. After a kill in between, the next `openStore` finishes that. What was revoked already stays as it is:
 * without anything new, no list is made. Code: `CA_DIRECTORY_UNPUBLISHED`.
 */
export async function revokeCertificates(
  layout: Layout,
  registry: Registry,
  request: RevokeRequest,
): Promise<readonly RevocationList[]> {
  requireReady(layout, request.keepFiles ? [] : await pairsOf(registry, request));
  const lists = await registry.transact(async (change) => {
    const issuers: Issuer[] = [];
    for (const target of request.targets) {
      const issuer = await recordRevocation(change, target, request);
      if (issuer !== undefined) issuers.push(issuer);
    }
    if (!request.keepFiles) for (const pair of await pairsOf(change, request)) await change.beginWork(pair);
    return recordLists(layout, change, request, issuers);
  });
  await orUnpublished(recordedText(request.targets), async () => {
    await publishLists(layout, registry);
    if (request.keepFiles) return;
    const pairs = await pairsOf(registry, request);
    for (const pair of pairs) unpublishPair(layout, pair);
    await registry.transact((change) => change.endWork(pairs.map(({ serial }) => serial)));
  });
  return lists;
}

/** Makes the next list of every trusted key of the CA, and puts them in place. Code: `CA_DIRECTORY_UNPUBLISHED`. */
export async function makeNextLists(
  layout: Layout,
  registry: Registry,
  request: ListRequest,
): Promise<readonly RevocationList[]> {
  requireReady(layout, []);
  const lists = await registry.transact((change) => recordLists(layout, change, request));
  await orUnpublished('the revocation list is', () => publishLists(layout, registry));
  return lists;
}

/** A key that is not trusted any more signs no list. */
async function recordLists(
  layout: Layout,
  change: RegistryChange,
  request: ListRequest,
  issuers: readonly Issuer[] = ['any'],
): Promise<readonly RevocationList[]> {
  const lists: RevocationList[] = [];
  for (const { keyId } of await trustedAuthorities(layout, change))
    if (issuers.includes('any') || issuers.includes(keyId))
      lists.push(await recordList(layout, change, { ...request, issuer: keyId }));
  return lists;
}

/** What could keep files from being written or removed after the commit should show before it. */
function requireReady(layout: Layout, pairs: readonly RecordedPair[]): void {
  const folders = pairs.map((pair) => pairDirectory(layout, pair)).filter((path) => fs.existsSync(path));
  for (const folder of [layout.directory, ...folders]) {
    requireOwn(layout, folder);
    requireWritable(folder);
  }
}

/** The key identifier of a CA, or `any`: each of them may have issued it, and the next list of each has the entry. */
type Issuer = string;

/** Returns whose list is to say so; nothing, where it was revoked before. */
async function recordRevocation(
  change: RegistryChange,
  target: RevokeTarget,
  request: RevokeRequest,
): Promise<Issuer | undefined> {
  const { serial } = target;
  const { operator, now, reason } = request;
  const former = await change.revocation(serial);
  const certificate = await certificateOf(change, target, request);
  if (former !== undefined && certificate !== undefined) {
    await change.completeRevocation(certificate);
    await change.markRevoked(former);
  }
  const revocation = { serial, revokedBy: operator, revokedAt: now, reason };
  const entered = await enterRevocation(change, revocation, {
    at: now,
    detail: { reason },
    certificate: async () => certificate,
  });
  if (entered === 'known') return undefined;
  return entered === 'new' ? (certificate?.info.authorityKeyId ?? 'any') : 'any';
}

/** When a revocation came to be known here, what the ledger says of it, and the certificate, which is asked for if it is new. */
type RevocationEvent = {
  readonly at: Date;
  readonly detail: Readonly<Record<string, string>>;
  readonly certificate: () => Promise<Certificate | undefined>;
};

/**
 * Enters a revocation and its event, or that the reason of the one on record is worse; of what is known, nothing. It goes to
 * the list of the key that issued the certificate; of a serial number alone, to those of all keys: each may have issued it.
 */
export async function enterRevocation(
  change: RegistryChange,
  revocation: Revocation,
  { at, detail, certificate }: RevocationEvent,
): Promise<'new' | 'worse' | 'known'> {
  const { serial, reason, revokedBy } = revocation;
  const former = await change.revocation(serial);
  if (former !== undefined && !isWorse(reason, former.reason)) return 'known';
  if (former === undefined) {
    const found = await certificate();
    await change.insertRevocation({ ...revocation, issuer: found?.info.authorityKeyId, certificate: found });
  } else await change.updateReason(serial, reason);
  await change.markRevoked({ ...revocation, ...former, reason });
  await change.appendEvent({ at, operator: revokedBy, action: 'certificate.revoked', serial, detail });
  return former === undefined ? 'new' : 'worse';
}

/** A key that turns out to be known to others must not be certified again, whatever the reason was before. */
function isWorse(reason: RevocationReason, former: RevocationReason): boolean {
  return reason === 'keyCompromise' && former !== reason;
}

export async function recordedCertificate(
  registry: RegistryReader,
  serial: string,
): Promise<Certificate | undefined> {
  const row = await registry.certificate(serial);
  return row === undefined ? undefined : readCertificate(row.der);
}

/** The certificate on record; one that is not, and is at hand, is recorded. */
async function certificateOf(
  change: RegistryChange,
  { serial, certificate }: RevokeTarget,
  { operator, now }: RevokeRequest,
): Promise<Certificate | undefined> {
  const recorded = await recordedCertificate(change, serial);
  if (recorded !== undefined || certificate === undefined) return recorded;
  const { subject, extKeyUsage, sans } = certificate.info;
  const kind = extKeyUsage.includes('serverAuth') ? 'server' : 'client';
  const name = subject.commonName ?? sans[0]?.value ?? serial;
  await change.insertCertificate({ certificate, kind, name, operator, now });
  return certificate;
}

async function pairsOf(
  registry: RegistryReader,
  { targets }: RevokeRequest,
): Promise<readonly RecordedPair[]> {
  const pairs: RecordedPair[] = [];
  for (const { serial } of targets) {
    const record = await registry.certificate(serial);
    if (record?.folder !== undefined) pairs.push(recordedPair(record));
  }
  return pairs;
}

function recordedText(targets: readonly RevokeTarget[]): string {
  return `the revocation of ${targets.map(({ serial }) => serial).join(', ')} is`;
}
