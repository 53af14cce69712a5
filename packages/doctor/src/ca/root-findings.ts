import { isEncryptedKey, readKeyPair, validityState } from '@docker-mtls/ca';
import type { StoreReader, TrustedAuthority } from '@docker-mtls/ca-directory';
import { orRefused, unlessRefused } from '@docker-mtls/errors';
import type { MtlsError } from '@docker-mtls/errors';
import { distance, moment } from '@docker-mtls/text';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import { notSeen } from '../not-seen.ts';
import { weaknessOf } from './unusual-findings.ts';

/** What is to be said of the CA's own certificates and keys. */
export async function rootFindings(reader: StoreReader, now: Date): Promise<readonly FoundFinding[]> {
  const authorities = await reader.authorities();
  return authorities.flatMap((authority) => [
    ...validityFindings(authority, now),
    ...weaknessFindings(authority),
    ...keyFindings(authority),
  ]);
}

const WORDS = { expired: 'ca-expired', due: 'ca-due', 'not-yet-valid': 'ca-not-yet-valid' } as const;

/** One that is retired or only prepared may end: nothing is issued from it. */
function validityFindings({ certificate, state }: TrustedAuthority, now: Date): readonly FoundFinding[] {
  const { info } = certificate;
  const validity = validityState({ ...info, isCa: true }, now);
  if (validity === 'valid' || state !== 'signing') return [];
  const message =
    validity === 'not-yet-valid'
      ? `its certificate begins on ${moment(info.notBefore)}, and it is ${moment(now)} here`
      : `its certificate ${validity === 'due' ? 'ends' : 'ended'} on ${moment(info.notAfter)}, ${distance(info.notAfter, now)}`;
  return [found('authority', WORDS[validity], { subject: nameOf(certificate), message })];
}

function weaknessFindings({ certificate }: TrustedAuthority): readonly FoundFinding[] {
  const weakness = weaknessOf(certificate);
  if (weakness === undefined) return [];
  const message = `its certificate is weak: ${weakness}`;
  return [found('authority', 'ca-weak', { subject: nameOf(certificate), message })];
}

/** A key that others may read is reported with the modes of the files. */
function keyFindings({ certificate, keyPem, state }: TrustedAuthority): readonly FoundFinding[] {
  if (state === 'retiring') return [];
  const subject = nameOf(certificate);
  return orRefused(
    () => contentFindings(subject, keyPem()),
    (error) => unreadableFindings(subject, error),
  );
}

/** Whether it is the right one takes its passphrase, and `ca check`. */
function contentFindings(subject: string, pem: string): readonly FoundFinding[] {
  const isKey = isEncryptedKey(pem) || unlessRefused(() => readKeyPair(pem)) !== undefined;
  return isKey
    ? []
    : [found('authority', 'ca-key-differs', { subject, message: 'its key file holds no key' })];
}

function unreadableFindings(subject: string, { code, message, hint }: MtlsError): readonly FoundFinding[] {
  if (code === 'CA_DIRECTORY_UNSAFE') return [];
  return code === 'CA_DIRECTORY_KEY_MISSING'
    ? [found('authority', 'ca-key-missing', { subject, message })]
    : [notSeen(subject, message, hint)];
}

function nameOf({ info }: TrustedAuthority['certificate']): string {
  return `CA ${info.subject.commonName ?? info.fingerprint.slice(0, 16)}`;
}
