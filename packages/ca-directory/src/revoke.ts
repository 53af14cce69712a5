import fs from 'node:fs';
import { readCertificate } from '@docker-mtls/ca';
import type { Certificate, RevocationReason } from '@docker-mtls/ca';
import {
  appendEvent,
  asBytes,
  beginWork,
  endWork,
  findBySerial,
  findRevocation,
  insertCertificate,
  insertRevocation,
  markRevoked,
  updateReason,
} from '@docker-mtls/registry';
import type { Connection as Registry } from '@docker-mtls/registry';
import { signingAuthority, trustedAuthorities } from './authorities.ts';
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
 * without anything new, no list is made. Code: `STORE_UNPUBLISHED`.
 */
export function revoke(
  layout: Layout,
  registry: Registry,
  request: RevokeRequest,
): readonly RevocationList[] {
  requireReady(layout, request.keepFiles ? [] : pairsOf(registry, request));
  const lists = registry.transact(() => {
    const signing = signingAuthority(layout, registry).keyId;
    const issuers = request.targets.flatMap(
      (target) => recordRevocation(registry, target, request, signing) ?? [],
    );
    if (!request.keepFiles) for (const pair of pairsOf(registry, request)) beginWork(registry, pair);
    return recordLists(layout, registry, request, issuers);
  });
  orUnpublished(recordedText(request.targets), () => {
    publishLists(layout, registry);
    if (request.keepFiles) return;
    const pairs = pairsOf(registry, request);
    for (const pair of pairs) unpublishPair(layout, pair);
    registry.transact(() =>
      endWork(
        registry,
        pairs.map(({ serial }) => serial),
      ),
    );
  });
  return lists;
}

/** Makes the next list of every trusted key of the CA, and puts them in place. Code: `STORE_UNPUBLISHED`. */
export function issueLists(
  layout: Layout,
  registry: Registry,
  request: ListRequest,
): readonly RevocationList[] {
  requireReady(layout, []);
  const lists = registry.transact(() => recordLists(layout, registry, request));
  orUnpublished('the revocation list is', () => publishLists(layout, registry));
  return lists;
}

/** A key that is not trusted any more signs no list. */
function recordLists(
  layout: Layout,
  registry: Registry,
  request: ListRequest,
  issuers?: readonly string[],
): readonly RevocationList[] {
  return trustedAuthorities(layout, registry)
    .filter(({ keyId }) => issuers === undefined || issuers.includes(keyId))
    .map(({ keyId }) => recordList(layout, registry, { ...request, issuer: keyId }));
}

/** What could keep files from being written or removed after the commit should show before it. */
function requireReady(layout: Layout, pairs: readonly RecordedPair[]): void {
  const folders = pairs.map((pair) => pairDirectory(layout, pair)).filter((path) => fs.existsSync(path));
  for (const folder of [layout.directory, ...folders]) {
    requireOwn(layout, folder);
    requireWritable(folder);
  }
}

/** Returns the key identifier of the issuer, where there was anything to record; of an unknown one, that of `signing`. */
function recordRevocation(
  registry: Registry,
  target: RevokeTarget,
  request: RevokeRequest,
  signing: string,
): string | undefined {
  const { serial } = target;
  const { operator, now, reason } = request;
  const former = findRevocation(registry, serial);
  if (former !== undefined && !isWorse(reason, former.reason)) return undefined;
  const certificate = certificateOf(registry, target, request);
  const issuer = certificate?.info.authorityKeyId ?? signing;
  const revocation = { serial, issuer, certificate, revokedBy: operator, revokedAt: now, reason };
  if (former === undefined) insertRevocation(registry, revocation);
  else updateReason(registry, serial, reason);
  markRevoked(registry, { ...revocation, ...former, reason });
  appendEvent(registry, { at: now, operator, action: 'certificate.revoked', serial, detail: { reason } });
  return issuer;
}

/** A key that turns out to be known to others must not be certified again, whatever the reason was before. */
function isWorse(reason: RevocationReason, former: RevocationReason): boolean {
  return reason === 'keyCompromise' && former !== reason;
}

/** The certificate on record; one that is not, and is at hand, is recorded. */
function certificateOf(
  registry: Registry,
  { serial, certificate }: RevokeTarget,
  { operator, now }: RevokeRequest,
): Certificate | undefined {
  const row = findBySerial(registry, serial);
  if (row !== undefined) return readCertificate(asBytes(row['der']));
  if (certificate === undefined) return undefined;
  const { subject, extKeyUsage, sans } = certificate.info;
  const kind = extKeyUsage.includes('serverAuth') ? 'server' : 'client';
  const name = subject.commonName ?? sans[0]?.value ?? serial;
  insertCertificate(registry, { certificate, kind, name, operator, now });
  return certificate;
}

function pairsOf(registry: Registry, { targets }: RevokeRequest): readonly RecordedPair[] {
  return targets.flatMap(({ serial }) => {
    const row = findBySerial(registry, serial);
    return row === undefined || row['folder'] === null ? [] : [recordedPair(row)];
  });
}

function recordedText(targets: readonly RevokeTarget[]): string {
  return `the revocation of ${targets.map(({ serial }) => serial).join(', ')} is`;
}
