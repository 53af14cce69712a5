import { verify } from 'node:crypto';
import { importPublicKey } from '../keys/public-key.ts';
import { parsedForm } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import type { ParsedCertificate, ParsedTbs } from './parse.ts';
import { signatureAlgorithm } from './signature-algorithm.ts';
import type { AlgorithmIdentifier } from './signature-algorithm.ts';

export type ProblemCode =
  | 'critical-extension'
  | 'expired'
  | 'is-a-ca'
  | 'issuer-expired'
  | 'issuer-not-a-ca'
  | 'issuer-not-yet-valid'
  | 'not-yet-valid'
  | 'purpose'
  | 'signature'
  | 'unknown-issuer'
  | 'weak-signature';

/** Why a certificate is not good for its purpose. */
export type Problem = { readonly problem: ProblemCode; readonly message: string };

export type VerifyOptions = {
  readonly roots: readonly Certificate[];
  readonly purpose: 'server' | 'client';
  readonly now: Date;
};

const PURPOSES = { server: 'serverAuth', client: 'clientAuth' } as const;
const OBEYED: readonly string[] = ['basicConstraints', 'keyUsage', 'extKeyUsage', 'subjectAltName'];

/**
 * Would an engine, or a Docker CLI, that trusts these roots accept the certificate now, for that purpose? Looks at
 * the signature, the dates, the CA bits and the purpose as Go's crypto/x509 does (no extKeyUsage means any purpose).
 * The root must be the direct issuer. Names are not compared, nothing is looked up; empty means good.
 */
export function verifyCertificate(
  certificate: Certificate,
  { roots, purpose, now }: VerifyOptions,
): Problem[] {
  const parsed = parsedForm(certificate);
  return [
    ...dateProblems(parsed.tbs, now, { early: 'not-yet-valid', late: 'expired', whose: 'the certificate' }),
    ...leafProblems(parsed.tbs, PURPOSES[purpose]),
    ...issuerProblems(parsed, roots, now),
  ];
}

/** Is this the signature of the key over the octets? Never throws: a key that cannot be used has signed nothing. */
export function isSignedBy(
  spki: Buffer,
  { name }: AlgorithmIdentifier,
  bytes: Buffer,
  signature: Buffer,
): boolean {
  const algorithm = signatureAlgorithm(name);
  const key = importPublicKey(spki);
  if (algorithm === undefined || key === undefined) return false;
  try {
    return verify(algorithm.digest, bytes, key, signature);
  } catch {
    return false;
  }
}

type DateCodes = { readonly early: ProblemCode; readonly late: ProblemCode; readonly whose: string };

function dateProblems(
  { notBefore, notAfter }: ParsedTbs,
  now: Date,
  { early, late, whose }: DateCodes,
): Problem[] {
  if (now < notBefore.date) return [{ problem: early, message: `${whose} begins ${text(notBefore.date)}` }];
  // The last second is part of the validity, to its end.
  const isOver = now.getTime() >= notAfter.date.getTime() + 1000;
  return isOver ? [{ problem: late, message: `${whose} ended ${text(notAfter.date)}` }] : [];
}

function leafProblems(tbs: ParsedTbs, purpose: string): Problem[] {
  const problems: Problem[] = [];
  if (tbs.basicConstraints?.isCa)
    problems.push({ problem: 'is-a-ca', message: 'it is the certificate of a CA' });
  const purposes = tbs.extKeyUsage;
  const isAllowed =
    purposes === undefined || purposes.some((one) => one === purpose || one === 'anyExtendedKeyUsage');
  if (!isAllowed) {
    problems.push({ problem: 'purpose', message: `it is for ${purposes.join(', ')}, not for ${purpose}` });
  }
  return [...problems, ...criticalProblems(tbs, 'the certificate')];
}

function criticalProblems({ extensions }: ParsedTbs, whose: string): Problem[] {
  const unknown = extensions.find(({ name, critical }) => critical && !OBEYED.includes(name));
  if (unknown === undefined) return [];
  return [{ problem: 'critical-extension', message: `${whose} has the critical extension ${unknown.name}` }];
}

function issuerProblems(leaf: ParsedCertificate, roots: readonly Certificate[], now: Date): Problem[] {
  const named = roots
    .map((root) => parsedForm(root).tbs)
    .filter(({ subject }) => subject.der.equals(leaf.tbs.issuer.der));
  const [candidate] = named;
  if (candidate === undefined)
    return [{ problem: 'unknown-issuer', message: 'none of the trusted CAs has the name of its issuer' }];
  const signer = named.find(({ spki }) => isSignedBy(spki, leaf.algorithm, leaf.tbsDer, leaf.signature));
  if (signer === undefined) {
    return [{ problem: 'signature', message: "no trusted CA of its issuer's name has signed it" }];
  }
  return [...weakness(leaf), ...rootProblems(signer, now)];
}

function weakness({ algorithm }: ParsedCertificate): Problem[] {
  if (signatureAlgorithm(algorithm.name)?.weak !== true) return [];
  return [{ problem: 'weak-signature', message: `it is signed with ${algorithm.name}` }];
}

function rootProblems(root: ParsedTbs, now: Date): Problem[] {
  const maySign = root.basicConstraints?.isCa && (root.keyUsage?.usages.includes('keyCertSign') ?? true);
  return [
    ...(maySign
      ? []
      : [{ problem: 'issuer-not-a-ca', message: 'its issuer may not sign certificates' } as const]),
    ...dateProblems(root, now, { early: 'issuer-not-yet-valid', late: 'issuer-expired', whose: 'its CA' }),
    ...criticalProblems(root, 'its CA'),
  ];
}

function text(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
