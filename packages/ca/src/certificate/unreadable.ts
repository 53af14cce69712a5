import { TAG } from '../der/tag.ts';
import { pointWeakness } from '../keys/curve-point.ts';
import { isMappedIpv4 } from '../names/ip-address.ts';
import type { NameAttribute } from './distinguished-name.ts';
import { repeatedExtension } from './extensions.ts';
import { isGoUrl } from './go-url.ts';
import type { GeneralName } from './extensions.ts';
import type { ParsedCertificate, ParsedTbs } from './parse.ts';

// secp224r1 by its number: crypto/x509 reads such a key, and crypto/tls has no use for it.
const P224 = '1.3.132.0.33';

/**
 * Why Go's crypto/x509 does not even read a certificate that we can read; `undefined` when it does. Where its releases
 * differ, the strictest counts.
 */
export function whyGoDoesNotReadIt({ tbs, algorithm }: ParsedCertificate): string | undefined {
  if (!algorithm.der.equals(tbs.algorithm.der)) return 'names two different signature algorithms';
  const twice = repeatedExtension(tbs.extensions);
  if (twice !== undefined) return `has ${twice} twice`;
  if (tbs.subjectAltName?.some(isMalformed)) return 'has a malformed name in subjectAltName';
  if (tbs.nameConstraints?.isUnreadable) return 'has malformed name constraints';
  if (tbs.version > 3) return `has the version ${tbs.version}`;
  if (tbs.serial.readUInt8(0) >= 0x80) return 'has a negative serial number';
  const other = [...tbs.subject.attributes, ...tbs.issuer.attributes].find(({ tag }) => !STRINGS.has(tag));
  if (other !== undefined) return `has a ${other.type} that is not a string`;
  const attribute = [...tbs.subject.attributes, ...tbs.issuer.attributes].find(isOfOtherCharacters);
  if (attribute !== undefined) return `has a ${attribute.type} with characters that its type of string lacks`;
  return keyProblem(tbs);
}

function keyProblem({ publicKey: { type, bits, unsupported } }: ParsedTbs): string | undefined {
  if (unsupported !== undefined && type !== P224) return `has one of ${unsupported}`;
  const weakness = unsupported === undefined ? pointWeakness(type, bits) : undefined;
  return weakness === undefined ? undefined : `has ${weakness}`;
}

/** An address of neither 4 nor 16 octets, or of 16 where 4 belong (RFC 5280 4.2.1.6); text that is no IA5String or URI. */
function isMalformed({ kind, value }: GeneralName): boolean {
  if (kind === 'ip') return isMappedIpv4(value);
  if (kind === 'other' && value.startsWith('URI:') && !isGoUrl(value.slice('URI:'.length))) return true;
  return (kind === 'other' && value.startsWith('IP:')) || /[^\0-\x7f]/.test(value);
}

/** crypto/x509 parseASN1String: no others in a name. */
const STRINGS: ReadonlySet<number> = new Set([
  TAG.teletexString,
  TAG.printableString,
  TAG.utf8String,
  TAG.bmpString,
  TAG.ia5String,
  TAG.numericString,
  // Named by its own rule.
  TAG.universalString,
]);

/** X.680 section 41; Go lets `*` and `&` pass, which many a CA has written. */
const OTHER_CHARACTERS: Readonly<Record<number, RegExp | undefined>> = {
  [TAG.printableString]: /[^A-Za-z0-9 '()+,\-./:=?*&]/,
  [TAG.ia5String]: /[^\0-\x7f]/,
  // Shown in hexadecimal: digits and spaces.
  [TAG.numericString]: /^(?!#(?:3\d|20)*$)/,
  // Not read at all.
  [TAG.universalString]: /^/,
};

function isOfOtherCharacters({ tag, value }: NameAttribute): boolean {
  return OTHER_CHARACTERS[tag]?.test(value) === true;
}
