import type { NameAttribute } from '../certificate/distinguished-name.ts';
import { TAG } from '../der/tag.ts';
import { LONGEST_COMMON_NAME, characterCount } from '../names/name.ts';
import { always } from './rule.ts';
import type { LintSubject, Rule } from './rule.ts';

const OLD_STRINGS: readonly number[] = [TAG.teletexString, TAG.bmpString, TAG.universalString];
const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;
// What RFC 5280 appendix A.1 limits to ub-… = 64 characters, of what people write.
const LIMITED: readonly string[] = ['commonName', 'organizationName', 'organizationalUnitName'];

/** Subject and issuer as names. */
export const NAME_RULES: readonly Rule[] = [
  {
    id: 'issuer-empty',
    severity: 'error',
    citation: 'RFC 5280 section 4.1.2.4',
    applies: always,
    check: ({ tbs }) => (tbs.issuer.attributes.length === 0 ? 'the issuer has no name' : undefined),
  },
  {
    id: 'name-too-long',
    severity: 'error',
    citation: 'RFC 5280 appendix A.1',
    applies: always,
    check: (subject) => firstProblem(subject, lengthProblem),
  },
  {
    id: 'name-printable-string',
    severity: 'error',
    citation: 'RFC 5280 section 4.1.2.4, X.680 section 41.4',
    applies: always,
    check: (subject) => firstProblem(subject, printableProblem),
  },
  {
    id: 'name-old-string-type',
    severity: 'warning',
    citation: 'RFC 5280 section 4.1.2.4',
    applies: always,
    check: (subject) => firstProblem(subject, oldStringProblem),
  },
];

type AttributeCheck = (attribute: NameAttribute) => string | undefined;

function firstProblem({ tbs }: LintSubject, check: AttributeCheck): string | undefined {
  for (const attribute of tbs.subject.attributes) {
    const problem = check(attribute);
    if (problem !== undefined) return `the subject's ${attribute.type} ${problem}`;
  }
  return undefined;
}

function lengthProblem({ type, value }: NameAttribute): string | undefined {
  if (value === '') return 'is empty';
  // A text of 64 UTF-16 units cannot have more characters than that: the counting is for the rare long one.
  if (value.length <= LONGEST_COMMON_NAME || !LIMITED.includes(type)) return undefined;
  const count = characterCount(value);
  return count > LONGEST_COMMON_NAME ? `has ${count} characters` : undefined;
}

function printableProblem({ tag, value }: NameAttribute): string | undefined {
  const isPrintable = tag !== TAG.printableString || PRINTABLE.test(value);
  return isPrintable ? undefined : 'is a PrintableString with a character that is none of its own';
}

function oldStringProblem({ tag }: NameAttribute): string | undefined {
  return OLD_STRINGS.includes(tag) ? 'is neither UTF8String nor PrintableString' : undefined;
}
