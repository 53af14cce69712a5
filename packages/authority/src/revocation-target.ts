import { isOfIssuer, verifyCertificate } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { quote } from '@docker-mtls/errors';
import type { Entry, RevokeTarget, StoreReader } from '@docker-mtls/ca-directory';
import { AuthorityError } from './error.ts';

/** What is to be revoked. */
export type RevocationSubject =
  | { readonly name: string; readonly kind: 'server' | 'client' }
  /** On record or not, as `CertificateInfo` has it. */
  | { readonly serial: string }
  | { readonly certificate: Certificate };

/** A certificate that is to be revoked, with its row in the registry where it has one. */
export type FoundTarget = RevokeTarget & { readonly entry?: Entry | undefined };

/**
 * The certificates that are to be revoked. A name means each of its certificates that has not ended, and the one in force.
 * Codes: `NOT_ISSUED`, `NOT_OURS`, `IS_CA`.
 */
export async function findTargets(
  store: StoreReader,
  subject: RevocationSubject,
  now: Date,
): Promise<readonly FoundTarget[]> {
  if ('name' in subject) return ofName(store, subject, now);
  if ('serial' in subject) return [await ofSerial(store, subject.serial)];
  return [await ofCertificate(store, subject.certificate)];
}

async function ofName(
  store: StoreReader,
  { name, kind }: { readonly name: string; readonly kind: 'server' | 'client' },
  now: Date,
): Promise<readonly FoundTarget[]> {
  const entries = await store.entries({ kind, name, all: true });
  return entries.filter(({ status, notAfter }) => status === 'current' || notAfter >= now).map(toTarget);
}

/** The row of exactly this serial number. */
async function entryOf(store: StoreReader, serial: string): Promise<Entry | undefined> {
  const found = await store.find(serial);
  return found.find((each) => each.serial === serial);
}

async function ofSerial(store: StoreReader, serial: string): Promise<FoundTarget> {
  const entry = await entryOf(store, serial);
  if (entry === undefined) return { serial };
  refuseCa(entry.certificate());
  return toTarget(entry);
}

async function ofCertificate(store: StoreReader, certificate: Certificate): Promise<FoundTarget> {
  const { serial, fingerprint, issuer } = certificate.info;
  refuseCa(certificate);
  // Dates and purposes make no difference: only who has signed it.
  const authorities = await store.authorities();
  const roots = authorities.map((authority) => authority.certificate);
  const now = certificate.info.notBefore;
  const verdict = verifyCertificate(certificate, { roots, purpose: 'client', now });
  if (verdict.some(isOfIssuer)) {
    const message = `the certificate ${serial} was issued by ${quote(issuer.text)} with another key than that of this CA`;
    throw new AuthorityError('NOT_OURS', message, { hint: 'ask the CA that issued it to revoke it' });
  }
  const entry = await entryOf(store, serial);
  if (entry === undefined) return { serial, certificate };
  if (entry.fingerprint === fingerprint) return toTarget(entry);
  throw new AuthorityError(
    'NOT_OURS',
    `the registry has another certificate with the serial number ${serial}`,
    { hint: `a revocation list names certificates by that number: to revoke both, name ${serial}` },
  );
}

function refuseCa({ info }: Certificate): void {
  if (!info.isCa) return;
  throw new AuthorityError(
    'IS_CA',
    `${info.serial} is the certificate of a CA, ${quote(info.subject.text)}`,
    {
      hint: 'name a server or client; where a CA key is stolen, make another CA and secure the engines with it',
    },
  );
}

function toTarget(entry: Entry): FoundTarget {
  return { serial: entry.serial, entry };
}

/** Also what shares a key with them: a key that others have is good for none of its certificates. */
export async function withSharedKeys(
  store: StoreReader,
  targets: readonly FoundTarget[],
  now: Date,
): Promise<readonly FoundTarget[]> {
  const sharing: Entry[] = [];
  for (const { entry, certificate = entry?.certificate() } of targets)
    if (certificate !== undefined) sharing.push(...(await store.ofKey(certificate)));
  const alive = sharing.filter(
    ({ kind, status, notAfter }) => kind !== 'ca' && (status === 'current' || notAfter >= now),
  );
  const all = [...targets, ...alive.map(toTarget)];
  return all.filter(({ serial }, index) => all.findIndex((other) => other.serial === serial) === index);
}
