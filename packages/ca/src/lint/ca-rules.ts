import { extensionOf, isCa } from './rule.ts';
import type { Rule } from './rule.ts';

/** A certificate that says CA:TRUE. */
export const CA_RULES: readonly Rule[] = [
  {
    id: 'ca-subject-empty',
    severity: 'error',
    citation: 'RFC 5280 section 4.1.2.6',
    applies: isCa,
    check: ({ tbs }) => (tbs.subject.attributes.length === 0 ? 'a CA without a name' : undefined),
  },
  {
    id: 'ca-constraints-not-critical',
    severity: 'error',
    citation: 'RFC 5280 section 4.2.1.9',
    applies: isCa,
    check: (subject) =>
      extensionOf(subject, 'basicConstraints')?.critical
        ? undefined
        : 'basicConstraints of a CA is not critical',
  },
  {
    id: 'ca-key-usage-missing',
    severity: 'error',
    citation: 'RFC 5280 section 4.2.1.3',
    applies: isCa,
    check: ({ tbs }) => (tbs.keyUsage === undefined ? 'a CA without keyUsage' : undefined),
  },
  {
    id: 'ca-key-usage-no-signing',
    severity: 'error',
    citation: 'RFC 5280 section 4.2.1.3',
    applies: isCa,
    check: ({ tbs: { keyUsage } }) =>
      keyUsage === undefined || keyUsage.usages.includes('keyCertSign')
        ? undefined
        : 'a CA whose keyUsage does not let it sign certificates',
  },
  {
    id: 'ca-key-usage-too-wide',
    severity: 'warning',
    citation: 'CA/Browser Forum Baseline Requirements section 7.1.2.1.8',
    applies: isCa,
    check: ({ tbs }) => {
      const other = tbs.keyUsage?.usages.find((usage) => usage !== 'keyCertSign' && usage !== 'cRLSign');
      return other === undefined ? undefined : `a CA whose keyUsage also allows ${other}`;
    },
  },
  {
    id: 'ca-name-constraints-not-critical',
    severity: 'error',
    citation: 'RFC 5280 section 4.2.1.10',
    applies: (subject) => isCa(subject) && extensionOf(subject, 'nameConstraints') !== undefined,
    check: (subject) =>
      extensionOf(subject, 'nameConstraints')?.critical ? undefined : 'nameConstraints is not critical',
  },
  {
    id: 'ca-key-id-missing',
    severity: 'error',
    citation: 'RFC 5280 section 4.2.1.2',
    applies: isCa,
    check: ({ tbs }) => (tbs.keyId === undefined ? 'a CA without a subject key identifier' : undefined),
  },
];
