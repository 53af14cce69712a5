import { keyWeakness } from '../keys/weakness.ts';
import { parametersProblem, signatureAlgorithm } from '../certificate/signature-algorithm.ts';
import { TAG } from '../der/tag.ts';
import { isUtcTimeYear } from '../der/time.ts';
import { always, isSelfSigned } from './rule.ts';
import type { LintSubject, Rule } from './rule.ts';

const LONGEST_SERIAL = 20;
const SHORTEST_SERIAL = 8;

/** The basic fields: version, serial number, signature, validity, key. */
export const FIELD_RULES: readonly Rule[] = [
  {
    id: 'version',
    severity: 'error',
    citation: 'RFC 5280 section 4.1.2.1',
    applies: always,
    check: ({ tbs }) =>
      tbs.version === 3 ? undefined : `version ${tbs.version}, which cannot say what it is for`,
  },
  {
    id: 'serial-positive',
    severity: 'error',
    citation: 'RFC 5280 section 4.1.2.2',
    applies: always,
    check: ({ tbs: { serial } }) => {
      if (serial.readUInt8(0) >= 0x80) return 'the serial number is negative';
      return serial.every((octet) => octet === 0) ? 'the serial number is zero' : undefined;
    },
  },
  {
    id: 'serial-too-long',
    severity: 'error',
    citation: 'RFC 5280 section 4.1.2.2',
    applies: always,
    check: ({ tbs: { serial } }) =>
      serial.length > LONGEST_SERIAL ? `the serial number has ${serial.length} octets` : undefined,
  },
  {
    id: 'serial-guessable',
    severity: 'warning',
    citation: 'CA/Browser Forum Baseline Requirements section 7.1',
    applies: (subject) => !isSelfSigned(subject),
    check: ({ tbs: { serial } }) =>
      serial.length < SHORTEST_SERIAL ? 'the serial number is shorter than 64 random bits' : undefined,
  },
  {
    id: 'signature-algorithms-differ',
    severity: 'error',
    citation: 'RFC 5280 section 4.1.1.2',
    applies: ({ outer }) => outer !== undefined,
    check: ({ tbs, outer }) =>
      outer?.der.equals(tbs.algorithm.der) === false
        ? 'the two signature algorithms are not the same'
        : undefined,
  },
  {
    id: 'signature-algorithm-weak',
    severity: 'error',
    citation: 'RFC 6151, RFC 6194',
    applies: (subject) => !isSelfSigned(subject),
    check: ({ tbs: { algorithm } }) =>
      signatureAlgorithm(algorithm.name)?.weak === true ? `signed with ${algorithm.name}` : undefined,
  },
  {
    id: 'signature-parameters',
    severity: 'error',
    citation: 'RFC 4055 section 5, RFC 5758 section 3.2, RFC 8410 section 3',
    applies: always,
    check: ({ tbs }) => parametersProblem(tbs.algorithm),
  },
  {
    id: 'validity-inverted',
    severity: 'error',
    citation: 'RFC 5280 section 4.1.2.5',
    applies: always,
    check: ({ tbs }) => (tbs.notAfter.date < tbs.notBefore.date ? 'it ends before it begins' : undefined),
  },
  {
    id: 'time-encoding',
    severity: 'error',
    citation: 'RFC 5280 section 4.1.2.5',
    applies: always,
    check: ({ tbs }) => timeProblem(tbs),
  },
  {
    id: 'key-weak',
    severity: 'error',
    citation: 'NIST SP 800-131A, FIPS 186-5 A.1.1',
    applies: always,
    check: ({ tbs }) => keyWeakness(tbs.spki),
  },
  {
    id: 'key-unsupported',
    severity: 'warning',
    citation: 'Go crypto/tls, which the engine and the Docker CLI are built on',
    applies: always,
    check: ({ tbs: { publicKey } }) =>
      publicKey.unsupported === undefined
        ? undefined
        : `the Docker engine has no use for ${publicKey.unsupported}`,
  },
  {
    id: 'unique-ids',
    severity: 'error',
    citation: 'RFC 5280 section 4.1.2.8',
    applies: always,
    check: ({ tbs }) => (tbs.hasUniqueIds ? 'unique identifiers are present' : undefined),
  },
];

function timeProblem({ notBefore, notAfter }: LintSubject['tbs']): string | undefined {
  const wrong = [notBefore, notAfter].find(({ tag, date }) => isUtcTimeYear(date) !== (tag === TAG.utcTime));
  if (wrong === undefined) return undefined;
  return `${wrong.date.toISOString().slice(0, 10)} is not written as dates of its century are`;
}
