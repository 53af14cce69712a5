import type { ParsedTbs } from '../certificate/parse.ts';
import type { AlgorithmIdentifier } from '../certificate/signature-algorithm.ts';

export type LintSeverity = 'error' | 'warning';

/** A rule that a certificate breaks. An error is against the standard; a warning is what it, or Docker, advises against. */
export type LintFinding = {
  readonly rule: string;
  readonly severity: LintSeverity;
  readonly message: string;
  readonly citation: string;
};

/** What the rules look at. `outer` is known once the certificate is signed, `issuer` when the caller has it. */
export type LintSubject = {
  readonly tbs: ParsedTbs;
  readonly outer: AlgorithmIdentifier | undefined;
  readonly issuer: ParsedTbs | undefined;
};

export type Rule = {
  readonly id: string;
  readonly severity: LintSeverity;
  readonly citation: string;
  readonly applies: (subject: LintSubject) => boolean;
  /** What is wrong, in words; `undefined` when nothing is. */
  readonly check: (subject: LintSubject) => string | undefined;
};

export function isCa({ tbs }: LintSubject): boolean {
  return tbs.basicConstraints?.isCa ?? false;
}

export function isLeaf(subject: LintSubject): boolean {
  return !isCa(subject);
}

export function always(): boolean {
  return true;
}

export function isSelfIssued({ tbs }: LintSubject): boolean {
  return tbs.subject.der.equals(tbs.issuer.der);
}

/** Issued to itself, and by no other key. Its own signature and serial number then protect nothing. */
export function isSelfSigned(subject: LintSubject): boolean {
  const { keyId, authorityKeyId } = subject.tbs;
  const named = authorityKeyId?.keyId;
  return isSelfIssued(subject) && (named === undefined || keyId?.equals(named) === true);
}

export function extensionOf({ tbs }: LintSubject, name: string): ParsedTbs['extensions'][number] | undefined {
  return tbs.extensions.find((extension) => extension.name === name);
}

export function hasPurpose({ tbs }: LintSubject, purpose: string): boolean {
  return tbs.extKeyUsage?.includes(purpose) ?? false;
}
