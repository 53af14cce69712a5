import type { IssuedPair } from '@docker-mtls/authority';
import { formatSubjectAltName } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { sansText } from '../command-line/order.ts';
import { colons, distance, facts, moment } from '@docker-mtls/text';

/** A pair that was just issued, for programs. */
export function pairJson(pair: IssuedPair): Record<string, unknown> {
  const { certificate, directory, files, setAside } = pair;
  const { info } = certificate;
  const lost = lostNames(pair);
  return {
    serial: info.serial,
    subject: info.subject.text,
    sans: info.sans,
    notBefore: info.notBefore.toISOString(),
    notAfter: info.notAfter.toISOString(),
    fingerprint: info.fingerprint,
    directory,
    files,
    setAside,
    ...(lost.length > 0 && { lost }),
  };
}

/** The same for people. */
export function pairText(title: string, pair: IssuedPair, now: Date): string {
  const { info } = pair.certificate;
  const lost = lostNames(pair);
  const rows: (readonly [string, string])[] = [
    ['subject', info.subject.text],
    ...(info.sans.length > 0 ? [['names', sansText(info.sans)] as const] : []),
    ...(lost.length > 0 ? [['no longer', `${lost.join(', ')}, which the one before had`] as const] : []),
    ['valid until', `${moment(info.notAfter)} (${distance(info.notAfter, now)})`],
    ['serial', info.serial],
    ['SHA-256', colons(info.fingerprint)],
    ['files', `${pair.directory}/{${Object.values(pair.files).map(baseName).join(',')}}`],
    ...(pair.setAside === undefined ? [] : [['set aside', pair.setAside] as const]),
  ];
  return `${title}\n${facts(rows)}`;
}

/** What the pair before was good for and this one is not: `IP:10.0.0.5`, `OU=ops`. */
function lostNames({ certificate, former }: IssuedPair): readonly string[] {
  const there = namesOf(certificate);
  return former === undefined ? [] : namesOf(former.certificate()).filter((name) => !there.includes(name));
}

function namesOf({ info: { sans, subject } }: Certificate): readonly string[] {
  return [...sans.map(formatSubjectAltName), ...subject.organizationalUnits.map((unit) => `OU=${unit}`)];
}

function baseName(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
