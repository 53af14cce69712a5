import type { IssuedPair } from './issue-pair.ts';
import { sansText } from '../command-line/order.ts';
import { colons, distance, facts, moment } from '../printing/words.ts';

/** A pair that was just issued, for programs. */
export function pairJson({ certificate, directory, files, setAside }: IssuedPair): Record<string, unknown> {
  const { info } = certificate;
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
  };
}

/** The same for people. */
export function pairText(title: string, pair: IssuedPair, now: Date): string {
  const { info } = pair.certificate;
  const rows: (readonly [string, string])[] = [
    ['subject', info.subject.text],
    ...(info.sans.length > 0 ? [['names', sansText(info.sans)] as const] : []),
    ['valid until', `${moment(info.notAfter)} (${distance(info.notAfter, now)})`],
    ['serial', info.serial],
    ['SHA-256', colons(info.fingerprint)],
    ['files', `${pair.directory}/{${Object.values(pair.files).map(baseName).join(',')}}`],
    ...(pair.setAside === undefined ? [] : [['set aside', pair.setAside] as const]),
  ];
  return `${title}\n${facts(rows)}`;
}

function baseName(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
