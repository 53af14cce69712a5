import crypto from 'node:crypto';
import net from 'node:net';
import { lintCertificate, readCertificate, validityState } from '@docker-mtls/ca';
import type { Certificate, CertificateInfo } from '@docker-mtls/ca';
import { unlessRefused } from '@docker-mtls/errors';
import { moment, someOf } from '@docker-mtls/text';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';

export type ShownOrder = {
  readonly subject: string;
  readonly der: Buffer;
  /** What clients connect by. */
  readonly names: readonly string[];
  readonly now: Date;
};

/** What is wrong with the certificate that an engine presents, whatever CA it is of. */
export function presentedFindings(order: ShownOrder): readonly FoundFinding[] {
  const certificate = unlessRefused(() => readCertificate(order.der));
  if (certificate === undefined)
    return [
      found('listeners', 'certificate-not-trusted', {
        subject: order.subject,
        message: 'the certificate that it presents cannot be read',
      }),
    ];
  const { info } = certificate;
  return [
    ...validityFindings(order, info),
    ...nameFindings(order),
    ...weaknessFindings(order, certificate),
    ...roleFindings(order.subject, info),
  ];
}

const DAY = 86_400_000;
const LONGEST_DAYS = 825;

function validityFindings({ subject, now }: ShownOrder, info: CertificateInfo): readonly FoundFinding[] {
  const findings: FoundFinding[] = [];
  // It serves an engine, even where it may sign: what is due of a CA is no measure.
  const state = validityState({ ...info, isCa: false }, now);
  if (state === 'expired')
    findings.push(
      found('listeners', 'server-certificate-expired', {
        subject,
        message: `it ended ${moment(info.notAfter)}`,
      }),
    );
  if (state === 'due')
    findings.push(
      found('listeners', 'server-certificate-due', { subject, message: `it ends ${moment(info.notAfter)}` }),
    );
  if (state === 'not-yet-valid')
    findings.push(
      found('listeners', 'server-certificate-not-yet-valid', {
        subject,
        message: `it begins ${moment(info.notBefore)}`,
      }),
    );
  const days = Math.round((info.notAfter.getTime() - info.notBefore.getTime()) / DAY);
  if (days > LONGEST_DAYS)
    findings.push(
      found('listeners', 'server-certificate-long-lived', {
        subject,
        message: `it is valid for ${days} days`,
      }),
    );
  return findings;
}

function nameFindings({ subject, der, names }: ShownOrder): readonly FoundFinding[] {
  const x509 = new crypto.X509Certificate(der);
  const missing = names.filter((name) => !covers(x509, name));
  if (missing.length === 0) return [];
  const held = someOf((x509.subjectAltName ?? 'none').split(', '));
  const message = `clients that connect to ${missing.join(', ')} refuse it: its names are ${held}`;
  return [found('listeners', 'name-not-covered', { subject, message })];
}

/** Go looks at the alternative names alone (crypto/x509 VerifyHostname). */
function covers(x509: crypto.X509Certificate, name: string): boolean {
  if (net.isIP(name) !== 0) return x509.checkIP(name) !== undefined;
  return x509.checkHost(name, { subject: 'never', partialWildcards: false }) !== undefined;
}

const WEAK: ReadonlySet<string> = new Set(['key-weak', 'signature-algorithm-weak']);

function weaknessFindings({ subject }: ShownOrder, certificate: Certificate): readonly FoundFinding[] {
  const broken = lintCertificate(certificate.der);
  const published = broken.find(({ rule }) => rule === 'private-key-published');
  if (published !== undefined)
    return [found('listeners', 'key-published', { subject, message: published.message })];
  return broken
    .filter(({ rule }) => WEAK.has(rule))
    .map(({ message }) => found('listeners', 'server-certificate-weak', { subject, message }));
}

function roleFindings(
  subject: string,
  { extKeyUsage, selfSigned, isCa }: CertificateInfo,
): readonly FoundFinding[] {
  const usages =
    extKeyUsage.length === 0 ? 'it has no extKeyUsage' : `extKeyUsage is ${extKeyUsage.join(', ')}`;
  const isClient =
    extKeyUsage.length === 0 ||
    extKeyUsage.includes('clientAuth') ||
    extKeyUsage.includes('anyExtendedKeyUsage');
  return [
    ...(isClient ? [found('listeners', 'server-certificate-both-roles', { subject, message: usages })] : []),
    ...(selfSigned
      ? [
          found('listeners', 'server-certificate-self-signed', {
            subject,
            message: isCa ? 'it is the certificate of a CA itself' : 'no CA signed it',
          }),
        ]
      : []),
  ];
}
