import { parseCertificate } from '../certificate/parse.ts';
import type { ParsedTbs } from '../certificate/parse.ts';
import { readCertificate } from '../certificate/certificate.ts';
import type { Certificate } from '../certificate/certificate.ts';
import { publishedFindings } from './published.ts';
import { RULES } from './rules.ts';
import type { LintFinding, LintSubject } from './rule.ts';

export type LintOptions = { readonly issuer?: Certificate | undefined };

/**
 * Every rule that a certificate breaks; ours and other people's alike, PEM or DER. With the issuer's certificate the
 * rules between the two are looked at as well. `CA_CERTIFICATE_INVALID` when it cannot be read at all.
 */
export function lintCertificate(pemOrDer: string | Buffer, { issuer }: LintOptions = {}): LintFinding[] {
  const { der, info } = readCertificate(pemOrDer);
  const { tbs, algorithm } = parseCertificate(der);
  const issuerTbs = issuer === undefined ? undefined : parseCertificate(issuer.der).tbs;
  const broken = lint({ tbs, outer: algorithm, issuer: issuerTbs });
  return [...publishedFindings(info.publicKey), ...broken];
}

/** The same before there is a signature. */
export function lintTbs(tbs: ParsedTbs, issuer: ParsedTbs | undefined): LintFinding[] {
  return lint({ tbs, outer: undefined, issuer });
}

function lint(subject: LintSubject): LintFinding[] {
  return RULES.flatMap(({ id, severity, citation, applies, check }) => {
    const message = applies(subject) ? check(subject) : undefined;
    return message === undefined ? [] : [{ rule: id, severity, message, citation }];
  });
}
