import { repeatedExtension } from '../certificate/extensions.ts';
import { always, extensionOf, isSelfSigned } from './rule.ts';
import type { Rule } from './rule.ts';

/** What a reader must know to obey a critical extension, and what it is safe to skip otherwise. */
const UNDERSTOOD: readonly string[] = [
  'basicConstraints',
  'keyUsage',
  'extKeyUsage',
  'subjectAltName',
  'nameConstraints',
  'certificatePolicies',
  'policyConstraints',
  'inhibitAnyPolicy',
  // These must not be critical, which has a rule of its own.
  'subjectKeyIdentifier',
  'authorityKeyIdentifier',
];

/** Extensions as such, and those that CA and leaf have in common. */
export const EXTENSION_RULES: readonly Rule[] = [
  {
    id: 'extension-twice',
    severity: 'error',
    citation: 'RFC 5280 section 4.2',
    applies: always,
    check: ({ tbs: { extensions } }) => {
      const twice = repeatedExtension(extensions);
      return twice === undefined ? undefined : `${twice} is there twice`;
    },
  },
  {
    id: 'extension-explicit-default',
    severity: 'error',
    citation: 'X.690 section 11.5',
    applies: always,
    check: ({ tbs }) => {
      const spelled = tbs.extensions.find(({ explicitDefault }) => explicitDefault);
      if (spelled !== undefined) return `${spelled.name} spells out that it is not critical`;
      return tbs.basicConstraints?.explicitDefault === true
        ? 'basicConstraints spells out CA:FALSE'
        : undefined;
    },
  },
  {
    id: 'extension-critical-unknown',
    severity: 'warning',
    citation: 'RFC 5280 section 4.2',
    applies: always,
    check: ({ tbs }) => {
      const unknown = tbs.extensions.find(({ name, critical }) => critical && !UNDERSTOOD.includes(name));
      return unknown === undefined ? undefined : `few will accept the critical extension ${unknown.name}`;
    },
  },
  {
    id: 'key-ids-not-critical',
    severity: 'error',
    citation: 'RFC 5280 sections 4.2.1.1 and 4.2.1.2',
    applies: always,
    check: (subject) => {
      const names = ['subjectKeyIdentifier', 'authorityKeyIdentifier'];
      const critical = names.find((name) => extensionOf(subject, name)?.critical);
      return critical === undefined ? undefined : `${critical} is critical`;
    },
  },
  {
    id: 'authority-key-id-missing',
    severity: 'error',
    citation: 'RFC 5280 section 4.2.1.1',
    applies: (subject) => !isSelfSigned(subject),
    check: ({ tbs }) =>
      tbs.authorityKeyId?.keyId === undefined
        ? 'no authority key identifier says which CA key signed it'
        : undefined,
  },
  {
    id: 'authority-key-id-by-serial',
    severity: 'warning',
    citation: 'RFC 5280 section 4.2.1.1',
    applies: ({ tbs }) => tbs.authorityKeyId?.namesIssuer === true,
    check: () => 'the authority key identifier holds a serial number, so a renewed CA will not match',
  },
  {
    id: 'key-usage-encoding',
    severity: 'error',
    citation: 'RFC 5280 section 4.2.1.3, X.690 section 11.2.2',
    applies: ({ tbs }) => tbs.keyUsage !== undefined,
    check: ({ tbs }) => {
      if (tbs.keyUsage?.usages.length === 0) return 'keyUsage allows nothing';
      return tbs.keyUsage?.minimal === false ? 'keyUsage has trailing zero bits' : undefined;
    },
  },
  {
    id: 'key-usage-not-critical',
    severity: 'warning',
    citation: 'RFC 5280 section 4.2.1.3',
    applies: ({ tbs }) => tbs.keyUsage !== undefined,
    check: (subject) => (extensionOf(subject, 'keyUsage')?.critical ? undefined : 'keyUsage is not critical'),
  },
  {
    id: 'ext-key-usage-empty',
    severity: 'error',
    citation: 'RFC 5280 section 4.2.1.12',
    applies: ({ tbs }) => tbs.extKeyUsage !== undefined,
    check: ({ tbs }) => (tbs.extKeyUsage?.length === 0 ? 'extKeyUsage allows nothing' : undefined),
  },
];
