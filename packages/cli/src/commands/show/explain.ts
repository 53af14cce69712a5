import { validityState } from '@docker-mtls/ca';
import type { Certificate, CertificateInfo, LintFinding, ValidityState } from '@docker-mtls/ca';
import type { Entry } from '@docker-mtls/ca-directory';
import { stateOf } from '@docker-mtls/authority/list-entries';
import type { EntryState } from '@docker-mtls/authority/list-entries';
import { withNumbers } from '../../printing/finding-number.ts';
import { sansText } from '../../command-line/order.ts';
import { colons, distance, facts, moment } from '@docker-mtls/text';

export type Explained = {
  readonly certificate: Certificate;
  /** Its row in the registry, where it was issued here. */
  readonly entry?: Entry | undefined;
  readonly findings: readonly LintFinding[];
};

export function certificateJson(
  { certificate, entry, findings }: Explained,
  now: Date,
): Record<string, unknown> {
  const { publicKey: _key, ...info } = certificate.info;
  const recorded =
    entry === undefined ? {} : { kind: entry.kind, status: entry.status, ...revocationJson(entry) };
  const numbered = withNumbers('lint', findings, ({ rule }) => rule);
  return { ...info, ...recorded, state: stateIn(certificate.info, entry, now), findings: numbered };
}

function revocationJson({ revokedAt, revocationReason }: Entry): Record<string, unknown> {
  return revokedAt === undefined ? {} : { revokedAt: revokedAt.toISOString(), revocationReason };
}

/** A certificate in words: whose it is, what it is for, until when, and what is wrong with it. */
export function certificateText({ certificate, entry, findings }: Explained, now: Date): string {
  const { info } = certificate;
  const rows: (readonly [string, string])[] = [
    ['issuer', info.selfSigned ? 'itself' : info.issuer.text],
    ['names', namesOf(info)],
    ['good for', purposeOf(info)],
    ['valid', `${moment(info.notBefore)} to ${moment(info.notAfter)}: ${validityOf(info, now)}`],
    ...(entry?.revokedAt === undefined
      ? []
      : [['revoked', `${moment(entry.revokedAt)} (${entry.revocationReason})`] as const]),
    ['key', info.keyType],
    ['signed with', info.signatureAlgorithm],
    ['serial', info.serial],
    ['SHA-256', colons(info.fingerprint)],
  ];
  const problems = findings.map(
    ({ severity, message, citation }) => `  ${severity}: ${message} (${citation})\n`,
  );
  const subject = info.subject.text === '' ? 'No subject' : info.subject.text;
  const label = entry === undefined ? '' : ` (${entry.kind}, ${stateIn(info, entry, now)})`;
  return `${subject}${label}\n${facts(rows)}${problems.join('')}`;
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

function stateIn(info: CertificateInfo, entry: Entry | undefined, now: Date): EntryState {
  return entry === undefined ? validityState(info, now) : stateOf(entry, now);
}

const STATES: Readonly<Record<ValidityState, (info: CertificateInfo, now: Date) => string>> = {
  'not-yet-valid': ({ notBefore }, now) => `not valid yet, starts ${distance(notBefore, now)}`,
  valid: ({ notAfter }, now) => `ends ${distance(notAfter, now)}`,
  due: ({ notAfter }, now) => `ends ${distance(notAfter, now)}, so it is time to renew it`,
  expired: ({ notAfter }, now) => `expired ${distance(notAfter, now)}`,
};

function validityOf(info: CertificateInfo, now: Date): string {
  return STATES[validityState(info, now)](info, now);
}
