import { quote } from '@docker-mtls/errors';
import type { GeneralName } from '../certificate/extensions.ts';
import { isMappedIpv4 } from '../names/ip-address.ts';
import { parseDnsName } from '../names/dns-name.ts';
import { extensionOf, hasPurpose, isLeaf } from './rule.ts';
import type { LintSubject, Rule } from './rule.ts';

/** A certificate that is not a CA's: a server's or a client's. */
export const LEAF_RULES: readonly Rule[] = [
  {
    id: 'leaf-signs-certificates',
    severity: 'error',
    citation: 'RFC 5280 section 4.2.1.9',
    applies: isLeaf,
    check: ({ tbs }) => {
      if (tbs.keyUsage?.usages.includes('keyCertSign'))
        return 'keyUsage allows keyCertSign, but this is not a CA';
      return tbs.basicConstraints?.pathLength === undefined
        ? undefined
        : 'a path length, but this is not a CA';
    },
  },
  {
    id: 'leaf-name-constraints',
    severity: 'error',
    citation: 'RFC 5280 section 4.2.1.10',
    applies: isLeaf,
    check: ({ tbs }) =>
      tbs.nameConstraints === undefined ? undefined : 'nameConstraints, but this is not a CA',
  },
  {
    id: 'leaf-key-usage-missing',
    severity: 'warning',
    citation: 'RFC 5280 section 4.2.1.3',
    applies: isLeaf,
    check: ({ tbs }) =>
      tbs.keyUsage === undefined ? 'keyUsage is missing: the key may be used for anything' : undefined,
  },
  {
    id: 'leaf-key-usage-no-signature',
    severity: 'error',
    citation: 'RFC 8446 section 4.4.2.2',
    applies: (subject) => isLeaf(subject) && isForTls(subject) && subject.tbs.keyUsage !== undefined,
    check: ({ tbs }) =>
      tbs.keyUsage?.usages.includes('digitalSignature')
        ? undefined
        : 'keyUsage does not allow digitalSignature',
  },
  {
    id: 'leaf-key-usage-encipherment',
    severity: 'error',
    citation: 'RFC 8813 section 3, RFC 8410 section 5',
    applies: ({ tbs }) => tbs.publicKey.algorithm === 'ecPublicKey' || tbs.publicKey.algorithm === 'ed25519',
    check: ({ tbs }) => {
      const wrong = tbs.keyUsage?.usages.find(
        (usage) => usage === 'keyEncipherment' || usage === 'dataEncipherment',
      );
      return wrong === undefined
        ? undefined
        : `keyUsage allows ${wrong}, which an elliptic curve key cannot do`;
    },
  },
  {
    id: 'leaf-key-id-missing',
    severity: 'warning',
    citation: 'RFC 5280 section 4.2.1.2',
    applies: isLeaf,
    check: ({ tbs }) => (tbs.keyId === undefined ? 'no subject key identifier' : undefined),
  },
  {
    id: 'leaf-any-purpose',
    severity: 'warning',
    citation: 'RFC 5280 section 4.2.1.12',
    applies: isLeaf,
    check: ({ tbs }) => {
      if (tbs.extKeyUsage === undefined) return 'no extKeyUsage: every engine takes it for a client';
      return tbs.extKeyUsage.includes('anyExtendedKeyUsage') ? 'extKeyUsage allows any purpose' : undefined;
    },
  },
  {
    id: 'leaf-both-roles',
    severity: 'warning',
    citation: 'RFC 5280 section 4.2.1.12',
    applies: isLeaf,
    check: (subject) =>
      hasPurpose(subject, 'serverAuth') && hasPurpose(subject, 'clientAuth')
        ? "good for servers and for clients: the holder of a server's key is also a client of every engine"
        : undefined,
  },
  {
    id: 'client-without-name',
    severity: 'warning',
    citation: 'Docker Engine, access authorization plugin: the user is the common name',
    applies: (subject) =>
      isLeaf(subject) && hasPurpose(subject, 'clientAuth') && !hasPurpose(subject, 'serverAuth'),
    check: ({ tbs }) =>
      tbs.subject.attributes.some(({ type }) => type === 'commonName')
        ? undefined
        : 'a client without a common name',
  },
  {
    id: 'server-without-names',
    severity: 'error',
    citation: 'RFC 9525 section 4.1',
    applies: (subject) => isLeaf(subject) && hasPurpose(subject, 'serverAuth'),
    check: ({ tbs }) =>
      tbs.subjectAltName === undefined ? 'no subjectAltName: nothing says which host it is for' : undefined,
  },
  {
    id: 'alt-name-empty',
    severity: 'error',
    citation: 'RFC 5280 section 4.2.1.6',
    applies: ({ tbs }) => tbs.subjectAltName !== undefined,
    check: ({ tbs }) => (tbs.subjectAltName?.length === 0 ? 'subjectAltName is empty' : undefined),
  },
  {
    id: 'alt-name-critical',
    severity: 'error',
    citation: 'RFC 5280 section 4.2.1.6',
    applies: ({ tbs }) => tbs.subject.attributes.length === 0,
    check: (subject) =>
      extensionOf(subject, 'subjectAltName')?.critical
        ? undefined
        : 'the subject is empty, and there is no critical subjectAltName',
  },
  {
    id: 'alt-name-needlessly-critical',
    severity: 'warning',
    citation: 'RFC 5280 section 4.2.1.6',
    applies: ({ tbs }) => tbs.subject.attributes.length > 0,
    check: (subject) =>
      extensionOf(subject, 'subjectAltName')?.critical
        ? 'subjectAltName is critical beside a subject'
        : undefined,
  },
  {
    id: 'alt-name-syntax',
    severity: 'error',
    citation: 'RFC 5280 section 4.2.1.6, RFC 1123 section 2.1',
    applies: ({ tbs }) => tbs.subjectAltName !== undefined,
    check: ({ tbs }) => {
      const bad = tbs.subjectAltName?.find((name) => !isWellFormed(name));
      return bad === undefined
        ? undefined
        : `${quote(bad.value)} in subjectAltName is no host name or address`;
    },
  },
];

function isForTls(subject: LintSubject): boolean {
  return hasPurpose(subject, 'serverAuth') || hasPurpose(subject, 'clientAuth');
}

function isWellFormed({ kind, value }: GeneralName): boolean {
  // An address of 4 or 16 octets came out of the reader as `ip`; mail addresses and the like are not ours to judge.
  if (kind === 'other') return !value.startsWith('IP:');
  if (kind === 'ip') return !isMappedIpv4(value);
  const parsed = parseDnsName(value, { wildcard: true });
  return 'name' in parsed && parsed.name === value.toLowerCase();
}
