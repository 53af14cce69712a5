import type { Certificate, CertificateInfo, Finding } from '@docker-mtls/ca';
import { sansText } from '../../command-line/order.ts';
import { colons, distance, facts, moment } from '@docker-mtls/text';

export type Explained = { readonly certificate: Certificate; readonly findings: readonly Finding[] };

export function certificateJson({ certificate, findings }: Explained): Record<string, unknown> {
  const { publicKey: _key, ...info } = certificate.info;
  return { ...info, findings };
}

/** A certificate in words: whose it is, what it is for, until when, and what is wrong with it. */
export function certificateText({ certificate, findings }: Explained, now: Date): string {
  const { info } = certificate;
  const rows: (readonly [string, string])[] = [
    ['issuer', info.selfSigned ? 'itself' : info.issuer.text],
    ['names', namesOf(info)],
    ['good for', purposeOf(info)],
    ['valid', `${moment(info.notBefore)} to ${moment(info.notAfter)}: ${validityOf(info, now)}`],
    ['key', info.keyType],
    ['signed with', info.signatureAlgorithm],
    ['serial', info.serial],
    ['SHA-256', colons(info.fingerprint)],
  ];
  const problems = findings.map(
    ({ severity, message, citation }) => `  ${severity}: ${message} (${citation})\n`,
  );
  return `${info.subject.text === '' ? 'No subject' : info.subject.text}\n${facts(rows)}${problems.join('')}`;
}

function namesOf({ sans, otherNames }: CertificateInfo): string {
  const names = [...(sans.length === 0 ? [] : [sansText(sans)]), ...otherNames];
  return names.length === 0 ? 'none' : names.join(', ');
}

const PURPOSES: Readonly<Record<string, string>> = {
  serverAuth: 'an engine, shown to its clients',
  clientAuth: 'a client, shown to engines',
};

function purposeOf({ isCa, extKeyUsage }: CertificateInfo): string {
  if (isCa) return 'signing other certificates';
  if (extKeyUsage.length === 0) return 'anything: it does not say';
  return extKeyUsage.map((usage) => PURPOSES[usage] ?? usage).join('; ');
}

function validityOf({ notBefore, notAfter }: CertificateInfo, now: Date): string {
  if (now < notBefore) return `not valid yet, starts ${distance(notBefore, now)}`;
  return now > notAfter ? `expired ${distance(notAfter, now)}` : `ends ${distance(notAfter, now)}`;
}
