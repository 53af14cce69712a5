import { KEY_TYPES, keyWeakness, lintCertificate } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import { orRefused } from '@docker-mtls/errors';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import { renewHint, findingSubjectOf } from './words.ts';

/** More than so many would hide all else. */
const LOOKED_AT = 50;

/** Apple's limit for CAs that users add, and the longest that public CAs were ever allowed last. */
const LONGEST_DAYS = 825;
const DAY = 86_400_000;

/** Leaves in force that are weak, live for very long, or pass for a server and a client. */
export async function unusualFindings(reader: StoreReader): Promise<readonly FoundFinding[]> {
  const entries = await reader.unusual(LOOKED_AT);
  return entries.flatMap((entry) => [...lifetimeFindings(entry), ...contentFindings(entry)]);
}

function lifetimeFindings(entry: Entry): readonly FoundFinding[] {
  const days = Math.round((entry.notAfter.getTime() - entry.notBefore.getTime()) / DAY);
  if (days <= LONGEST_DAYS) return [];
  const subject = findingSubjectOf(entry);
  const message = `its certificate is valid for ${days} days: a stolen key serves for as long`;
  return [found('authority', 'long-lived', { subject, message })];
}

function contentFindings(entry: Entry): readonly FoundFinding[] {
  return orRefused(
    () => {
      const certificate = entry.certificate();
      return [...weaknessFindings(entry, certificate), ...roleFindings(entry, certificate)];
    },
    (error) => {
      const subject = findingSubjectOf(entry);
      const message = `what is on record as its certificate cannot be read: ${error.message}`;
      return [found('authority', 'registry-unusable', { subject, message })];
    },
  );
}

function weaknessFindings(entry: Entry, certificate: Certificate): readonly FoundFinding[] {
  const weakness = weaknessOf(certificate);
  if (weakness === undefined) return [];
  const subject = findingSubjectOf(entry);
  const message = `its certificate is weak: ${weakness}`;
  return [found('authority', 'weak', { subject, message, hint: renewHint(entry) })];
}

/** Of a key, or of the CA's signature. */
export function weaknessOf(certificate: Certificate): string | undefined {
  const { publicKey, keyType } = certificate.info;
  const known = keyWeakness(publicKey);
  if (known !== undefined) return known;
  const signature = lintCertificate(certificate.der).find(({ rule }) => rule === 'signature-algorithm-weak');
  if (signature !== undefined) return signature.message;
  return KEY_TYPES.some((type) => type === keyType) ? undefined : `a key of the type ${keyType}`;
}

function roleFindings(entry: Entry, { info }: Certificate): readonly FoundFinding[] {
  if (!['serverAuth', 'clientAuth'].every((purpose) => info.extKeyUsage.includes(purpose))) return [];
  const subject = findingSubjectOf(entry);
  const message = `its certificate is good for servers and for clients: with the key of one, the other can be played`;
  return [found('authority', 'both-roles', { subject, message, hint: renewHint(entry) })];
}
