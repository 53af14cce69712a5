import { isPlain, unicodePattern } from '@docker-mtls/errors';
import { TAG } from '../der/tag.ts';
import { parsedForm } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import type { NameAttribute } from './distinguished-name.ts';

/** Whom a client certificate names, in text that every reader decodes alike. */
export type ClientNames = {
  /** Undefined where there is none, more than one, or one that is no plain text: programs differ about which counts. */
  readonly commonName: string | undefined;
  readonly organizationalUnits: readonly string[];
  /** Of the subject alternative name. */
  readonly uris: readonly string[];
};

const URI = 'URI:';
const PLAIN_TYPES: readonly number[] = [TAG.printableString, TAG.ia5String];

/** The names that a policy may give a role to. What is not plain text is left out. */
export function clientNames(certificate: Certificate): ClientNames {
  const { subject, subjectAltName = [] } = parsedForm(certificate).tbs;
  const of = (type: string): readonly NameAttribute[] =>
    subject.attributes.filter((attribute) => attribute.type === type);
  const common = of('commonName');
  return {
    commonName: common.length === 1 ? common.map(plainText)[0] : undefined,
    organizationalUnits: of('organizationalUnitName').flatMap((unit) => plainText(unit) ?? []),
    uris: subjectAltName.flatMap(({ kind, value }) =>
      kind === 'other' && value.startsWith(URI) ? plainUri(value.slice(URI.length)) : [],
    ),
  };
}

function plainText({ tag, value }: NameAttribute): string | undefined {
  if (value === '') return undefined;
  if (isPlain(value)) return tag === TAG.utf8String || PLAIN_TYPES.includes(tag) ? value : undefined;
  const isText =
    tag === TAG.utf8String && unicodePattern(String.raw`^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$`).test(value);
  return isText ? value : undefined;
}

/** RFC 3986: no other characters. */
function plainUri(value: string): readonly string[] {
  return /^[\x21-\x7e]+$/.test(value) ? [value] : [];
}
