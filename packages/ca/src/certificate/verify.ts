import { parsedForm } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import type { Extension, GeneralName } from './extensions.ts';
import { nameConstraintsProblem } from './name-constraints.ts';
import { constrainedName } from './subtree.ts';
import type { ParsedCertificate, ParsedTbs } from './parse.ts';
import { signatureAlgorithm } from './signature-algorithm.ts';
import { isSignedBy } from './signed-by.ts';
import { whyGoDoesNotReadIt } from './unreadable.ts';

export type ProblemCode =
  | 'critical-extension'
  | 'expired'
  | 'is-a-ca'
  | 'issuer-expired'
  | 'issuer-not-a-ca'
  | 'issuer-not-yet-valid'
  | 'issuer-purpose'
  | 'malformed'
  | 'name-constraints'
  | 'not-yet-valid'
  | 'purpose'
  | 'signature'
  | 'unknown-issuer'
  | 'weak-signature';

/** Why a certificate is not good for its purpose. */
export type ChainProblem = { readonly problem: ProblemCode; readonly message: string };

/** Does it mean that none of the roots has issued the certificate? Two CAs may have one name: then the signature tells. */
export function isOfIssuer({ problem }: ChainProblem): boolean {
  return problem === 'unknown-issuer' || problem === 'signature';
}

/** Is it about the moment alone, so that the certificate may have been accepted at another one? */
export function isOfDates({ problem }: ChainProblem): boolean {
  return DATES.includes(problem);
}

export type VerifyOptions = {
  readonly roots: readonly Certificate[];
  readonly purpose: 'server' | 'client';
  readonly now: Date;
};

const PURPOSES = { server: 'serverAuth', client: 'clientAuth' } as const;
const DATES: readonly ProblemCode[] = ['not-yet-valid', 'expired', 'issuer-not-yet-valid', 'issuer-expired'];
const OBEYED: readonly string[] = [
  'basicConstraints',
  'keyUsage',
  'extKeyUsage',
  // Read, and not acted upon where nobody asks for policies or revocation lists.
  'certificatePolicies',
  'cRLDistributionPoints',
];

// Go's maxChainSignatureChecks: a file of megabytes may name one CA so often that trying all would take a minute.
const MOST_ATTEMPTS = 100;

/**
 * Would an engine, or a Docker CLI, that trusts these roots accept the certificate now, for that purpose? Looks at
 * the signature, the dates, the CA bits, the purpose and the CA's name constraints as Go's crypto/x509 does (no
 * extKeyUsage means any purpose, a CA's own limits what it issues; constraints count whether critical or not, and where
 * releases of Go differ about them, the strictest does), and at what Go does not even read. The root must be the direct
 * issuer, or the certificate itself. Other than Go it takes no CA for a leaf. No host's name is compared, nothing is
 * looked up; empty means good.
 */
export function verifyCertificate(
  certificate: Certificate,
  { roots, purpose, now }: VerifyOptions,
): ChainProblem[] {
  const parsed = parsedForm(certificate);
  const isTrusted = roots.some(({ der }) => der.equals(certificate.der));
  return [
    ...dateProblems(parsed.tbs, now, { early: 'not-yet-valid', late: 'expired', whose: 'the certificate' }),
    ...leafProblems(parsed, PURPOSES[purpose]),
    ...(isTrusted ? [] : issuerProblems(parsed, roots, { now, purpose: PURPOSES[purpose] })),
  ];
}

type DateCodes = { readonly early: ProblemCode; readonly late: ProblemCode; readonly whose: string };

function dateProblems(
  { notBefore, notAfter }: ParsedTbs,
  now: Date,
  { early, late, whose }: DateCodes,
): ChainProblem[] {
  if (now < notBefore.date) return [{ problem: early, message: `${whose} begins ${text(notBefore.date)}` }];
  // The last second is part of the validity, to its end.
  const isOver = now.getTime() >= notAfter.date.getTime() + 1000;
  return isOver ? [{ problem: late, message: `${whose} ended ${text(notAfter.date)}` }] : [];
}

function leafProblems(leaf: ParsedCertificate, purpose: string): ChainProblem[] {
  const { basicConstraints, extKeyUsage = [] } = leaf.tbs;
  const isFor = `it is for ${extKeyUsage.join(', ')}, not for ${purpose}`;
  return [
    ...(basicConstraints?.isCa
      ? [{ problem: 'is-a-ca', message: 'it is the certificate of a CA' } as const]
      : []),
    ...(isAllowed(leaf.tbs, purpose) ? [] : [{ problem: 'purpose', message: isFor } as const]),
    ...criticalProblems(leaf.tbs, 'the certificate'),
    ...malformations(leaf, 'the certificate'),
  ];
}

/** An empty list says as little as none. */
function isAllowed({ extKeyUsage = [] }: ParsedTbs, purpose: string): boolean {
  return (
    extKeyUsage.length === 0 || extKeyUsage.some((one) => one === purpose || one === 'anyExtendedKeyUsage')
  );
}

function criticalProblems(tbs: ParsedTbs, whose: string): ChainProblem[] {
  const unknown = tbs.extensions.find((extension) => extension.critical && !isObeyed(extension, tbs));
  if (unknown === undefined) return [];
  return [{ problem: 'critical-extension', message: `${whose} has the critical extension ${unknown.name}` }];
}

function isObeyed({ name }: Extension, { nameConstraints, subjectAltName = [] }: ParsedTbs): boolean {
  if (name === 'nameConstraints') return nameConstraints?.hasOtherKinds === false;
  if (name === 'subjectAltName') return subjectAltName.some(isOfKnownKind);
  return OBEYED.includes(name);
}

function isOfKnownKind(name: GeneralName): boolean {
  return constrainedName(name) !== 'other';
}

function malformations(certificate: ParsedCertificate, whose: string): ChainProblem[] {
  const reason = whyGoDoesNotReadIt(certificate);
  return reason === undefined ? [] : [{ problem: 'malformed', message: `${whose} ${reason}` }];
}

type Asked = {
  readonly now: Date;
  readonly purpose: string;
  readonly names: readonly GeneralName[] | undefined;
};

function issuerProblems(
  leaf: ParsedCertificate,
  roots: readonly Certificate[],
  asked: Omit<Asked, 'names'>,
): ChainProblem[] {
  const named = roots.map(parsedForm).filter(({ tbs }) => tbs.subject.der.equals(leaf.tbs.issuer.der));
  const [candidate] = named;
  if (candidate === undefined)
    return [{ problem: 'unknown-issuer', message: 'none of the trusted CAs has the name of its issuer' }];
  const signers = likeliestFirst(named, leaf)
    .slice(0, MOST_ATTEMPTS)
    .filter(({ tbs }) => isSignedBy(tbs.spki, leaf.algorithm, leaf.tbsDer, leaf.signature));
  // A renewed CA may have certificates beside each other, of one key: one that is good is enough.
  const names = leaf.tbs.subjectAltName;
  const [first, ...others] = signers.map((signer) => rootProblems(signer, { ...asked, names }));
  if (first === undefined) {
    return [{ problem: 'signature', message: "no trusted CA of its issuer's name has signed it" }];
  }
  return [...weakness(leaf), ...(others.find(({ length }) => length === 0) ?? first)];
}

/** Those whose key the certificate names come first. */
function likeliestFirst(
  named: readonly ParsedCertificate[],
  { tbs }: ParsedCertificate,
): ParsedCertificate[] {
  const wanted = tbs.authorityKeyId?.keyId;
  const isOther = ({ tbs: { keyId } }: ParsedCertificate): number =>
    wanted !== undefined && keyId?.equals(wanted) === true ? 0 : 1;
  return named.toSorted((a, b) => isOther(a) - isOther(b));
}

function weakness({ algorithm }: ParsedCertificate): ChainProblem[] {
  if (signatureAlgorithm(algorithm.name)?.weak !== true) return [];
  return [{ problem: 'weak-signature', message: `it is signed with ${algorithm.name}` }];
}

function rootProblems(root: ParsedCertificate, { now, purpose, names = [] }: Asked): ChainProblem[] {
  const { tbs } = root;
  const noPurpose = { problem: 'issuer-purpose', message: `its CA issues nothing for ${purpose}` } as const;
  return [
    ...(maySign(tbs)
      ? []
      : [{ problem: 'issuer-not-a-ca', message: 'its issuer may not sign certificates' } as const]),
    ...(isAllowed(tbs, purpose) ? [] : [noPurpose]),
    ...constraintProblems(tbs, names),
    ...dateProblems(tbs, now, { early: 'issuer-not-yet-valid', late: 'issuer-expired', whose: 'its CA' }),
    ...criticalProblems(tbs, 'its CA'),
    ...malformations(root, 'its CA'),
  ];
}

/** Before version 3 a certificate could not say it; a keyUsage without a bit says as little as none. */
function maySign({ version, basicConstraints, keyUsage }: ParsedTbs): boolean {
  const isCa = basicConstraints?.isCa ?? version < 3;
  const usages = keyUsage?.usages ?? [];
  return isCa && (usages.length === 0 || usages.includes('keyCertSign'));
}

function constraintProblems({ nameConstraints }: ParsedTbs, names: readonly GeneralName[]): ChainProblem[] {
  const problem = nameConstraints && nameConstraintsProblem(nameConstraints, names);
  if (problem === undefined) return [];
  return [{ problem: 'name-constraints', message: `its CA's name constraints ${problem}` }];
}

function text(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
