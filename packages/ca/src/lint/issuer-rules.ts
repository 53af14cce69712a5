import { nameConstraintsProblem } from '../certificate/name-constraints.ts';
import { isSelfIssued } from './rule.ts';
import type { LintSubject, Rule } from './rule.ts';

/** A certificate beside that of its issuer. */
export const ISSUER_RULES: readonly Rule[] = [
  {
    id: 'issuer-is-no-ca',
    severity: 'error',
    citation: 'RFC 5280 section 4.2.1.9',
    applies: hasIssuer,
    check: ({ issuer }) => (issuer?.basicConstraints?.isCa ? undefined : 'its issuer is not a CA'),
  },
  {
    id: 'issuer-name-differs',
    severity: 'error',
    citation: 'RFC 5280 sections 4.1.2.4 and 7.1',
    applies: hasIssuer,
    check: ({ tbs, issuer }) =>
      issuer?.subject.der.equals(tbs.issuer.der)
        ? undefined
        : 'its issuer is not named, octet for octet, as here',
  },
  {
    id: 'issuer-key-id-differs',
    severity: 'error',
    citation: 'RFC 5280 section 4.2.1.1',
    applies: (subject) => hasIssuer(subject) && subject.tbs.authorityKeyId?.keyId !== undefined,
    check: ({ tbs, issuer }) => {
      const keyId = tbs.authorityKeyId?.keyId;
      const isSame = keyId === undefined || issuer?.keyId === undefined || keyId.equals(issuer.keyId);
      return isSame ? undefined : 'its authority key identifier is not that of its issuer';
    },
  },
  {
    id: 'issuer-path-length',
    severity: 'error',
    citation: 'RFC 5280 section 4.2.1.9',
    applies: (subject) =>
      hasIssuer(subject) && subject.tbs.basicConstraints?.isCa === true && !isSelfIssued(subject),
    check: ({ issuer }) =>
      issuer?.basicConstraints?.pathLength === 0
        ? 'its issuer may not sign the certificates of CAs'
        : undefined,
  },
  {
    id: 'issuer-outlived',
    severity: 'warning',
    citation: 'RFC 5280 section 6.1.3',
    applies: hasIssuer,
    check: ({ tbs, issuer }) =>
      issuer !== undefined && tbs.notAfter.date > issuer.notAfter.date
        ? 'it ends after its issuer does'
        : undefined,
  },
  {
    id: 'issuer-not-begun',
    severity: 'warning',
    citation: 'RFC 5280 section 6.1.3',
    applies: hasIssuer,
    check: ({ tbs, issuer }) =>
      issuer !== undefined && tbs.notBefore.date < issuer.notBefore.date
        ? 'it begins before its issuer does'
        : undefined,
  },
  {
    id: 'issuer-name-constraints',
    severity: 'error',
    citation: 'RFC 5280 section 4.2.1.10',
    applies: hasIssuer,
    check: ({ tbs: { subjectAltName = [] }, issuer }) => {
      const constraints = issuer?.nameConstraints;
      const problem = constraints && nameConstraintsProblem(constraints, subjectAltName);
      return problem === undefined ? undefined : `its issuer's name constraints ${problem}`;
    },
  },
];

function hasIssuer({ issuer }: LintSubject): boolean {
  return issuer !== undefined;
}
