import { bitString, boolean, encode, implicit, integerOf, octetString, oid, sequence } from '../der/build.ts';
import type { Der } from '../der/build.ts';
import {
  DerError,
  DerReader,
  booleanValue,
  elements,
  namedBits,
  oidValue,
  readOnly,
  readSequence,
  smallNumber,
} from '../der/read.ts';
import type { Element } from '../der/read.ts';
import { TAG, contextConstructedTag, contextTag } from '../der/tag.ts';
import type { ProfileExtKeyUsage, ProfileKeyUsage } from '../profile/profile.ts';
import { ipOctets, ipText } from '../names/ip-address.ts';
import type { SubjectAltName } from '../names/subject-alt-name.ts';

/** Bit numbers of KeyUsage (RFC 5280 4.2.1.3). */
const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/** Tags of GeneralName (RFC 5280 4.2.1.6) that we write. */
const DNS_NAME = 2;
const IP_ADDRESS = 7;

export type Extension = {
  /** All of it, as it is written. */
  readonly der: Buffer;
  readonly name: string;
  readonly critical: boolean;
  /** `critical FALSE` written out, which DER forbids for a default (X.690 11.5). */
  readonly explicitDefault: boolean;
  readonly value: Buffer;
};

/** A name in subjectAltName: one that docker-mtls issues, or some other kind (or malformed one) that is only shown. */
export type GeneralName = { readonly kind: 'dns' | 'ip' | 'other'; readonly value: string };

export type KeyUsageValue = { readonly usages: readonly string[]; readonly minimal: boolean };
export type BasicConstraintsValue = {
  readonly isCa: boolean;
  readonly pathLength?: number;
  readonly explicitDefault: boolean;
};
export type AuthorityKeyIdentifierValue = { readonly keyId?: Buffer; readonly namesIssuer: boolean };

type ExtensionName =
  | 'basicConstraints'
  | 'keyUsage'
  | 'extKeyUsage'
  | 'subjectAltName'
  | 'nameConstraints'
  | 'subjectKeyIdentifier'
  | 'authorityKeyIdentifier'
  | 'cRLNumber'
  | 'reasonCode';

export function extension(name: ExtensionName, value: Der, critical = false): Der {
  return sequence(oid(name), critical ? boolean(true) : undefined, octetString(encode(value)));
}

/** RFC 5280 4.2.1.9: critical, and this CA signs no other CA. */
export function caConstraints(): Der {
  return extension('basicConstraints', sequence(boolean(true), integerOf(0)), true);
}

export function keyUsage(usages: readonly ProfileKeyUsage[]): Der {
  const bits = usages.map((usage) => KEY_USAGES.indexOf(usage));
  // Ours all fit in the first octet. X.690 11.2.2: no trailing zero bits.
  const octet = bits.reduce((sum, bit) => sum | (0x80 >> bit), 0);
  return extension('keyUsage', bitString(Buffer.of(octet), 7 - Math.max(...bits)), true);
}

export function extKeyUsage(usages: readonly ProfileExtKeyUsage[]): Der {
  return extension('extKeyUsage', sequence(...usages.map((usage) => oid(usage))));
}

export function subjectAltName(names: readonly SubjectAltName[], critical: boolean): Der {
  return extension('subjectAltName', sequence(...names.map(generalName)), critical);
}

export function subjectKeyIdentifier(keyId: Buffer): Der {
  return extension('subjectKeyIdentifier', octetString(keyId));
}

/** By key identifier alone: with issuer and serial in it, a CA renewed on the same key would not chain any more. */
export function authorityKeyIdentifier(keyId: Buffer): Der {
  return extension('authorityKeyIdentifier', sequence(implicit(0, keyId)));
}

function generalName({ kind, value }: SubjectAltName): Der {
  if (kind === 'dns') return implicit(DNS_NAME, Buffer.from(value, 'latin1'));
  const octets = ipOctets(value);
  if (octets === undefined) throw new Error('a checked address is one');
  return implicit(IP_ADDRESS, octets);
}

/** What stands in [3] of a certificate, in a request's attribute, or in a CRL. */
export function readExtensions(content: Buffer, what: string): Extension[] {
  return elements(content, what).map((item) => {
    if (item.tag !== TAG.sequence) throw new DerError(`${what}: not an extension`);
    return { der: item.der, ...readExtension(new DerReader(item.content), what) };
  });
}

function readExtension(reader: DerReader, what: string): Omit<Extension, 'der'> {
  const name = oidValue(reader.read(TAG.oid, what), what);
  const flag = reader.readIf(TAG.boolean, name);
  const critical = flag !== undefined && booleanValue(flag, name);
  const value = reader.read(TAG.octetString, name).content;
  reader.finish(name);
  return { name, critical, explicitDefault: flag !== undefined && !critical, value };
}

/** One that is there more than once (RFC 5280 4.2 forbids it). */
export function repeatedExtension(extensions: readonly Extension[]): string | undefined {
  const seen = new Set<string>();
  // A set, because a certificate may have more of them than can be compared each with each.
  return extensions.find(({ name }) => seen.size === seen.add(name).size)?.name;
}

export function readKeyUsage(value: Buffer): KeyUsageValue {
  const { bits, minimal } = namedBits(readOnly(value, TAG.bitString, 'keyUsage'), 'keyUsage');
  return { usages: bits.map((bit) => KEY_USAGES[bit] ?? `bit ${bit}`), minimal };
}

export function readExtKeyUsage(value: Buffer): string[] {
  const purposes = readOnly(value, TAG.sequence, 'extKeyUsage');
  return elements(purposes.content, 'extKeyUsage').map((purpose) => {
    if (purpose.tag !== TAG.oid) throw new DerError('extKeyUsage: not an object identifier');
    return oidValue(purpose, 'extKeyUsage');
  });
}

export function readBasicConstraints(value: Buffer): BasicConstraintsValue {
  const what = 'basicConstraints';
  const reader = readSequence(value, what);
  const flag = reader.readIf(TAG.boolean, what);
  const isCa = flag !== undefined && booleanValue(flag, what);
  const length = reader.readIf(TAG.integer, what);
  reader.finish(what);
  const explicitDefault = flag !== undefined && !isCa;
  return {
    isCa,
    explicitDefault,
    ...(length === undefined ? {} : { pathLength: smallNumber(length, what) }),
  };
}

export function readSubjectKeyIdentifier(value: Buffer): Buffer {
  return readOnly(value, TAG.octetString, 'subjectKeyIdentifier').content;
}

export function readAuthorityKeyIdentifier(value: Buffer): AuthorityKeyIdentifierValue {
  const what = 'authorityKeyIdentifier';
  const reader = readSequence(value, what);
  const keyId = reader.readIf(contextTag(0), what)?.content;
  const issuer = reader.readIf(contextConstructedTag(1), what);
  const serial = reader.readIf(contextTag(2), what);
  reader.finish(what);
  return {
    namesIssuer: issuer !== undefined || serial !== undefined,
    ...(keyId === undefined ? {} : { keyId }),
  };
}

export function readSubjectAltName(value: Buffer): GeneralName[] {
  const names = readOnly(value, TAG.sequence, 'subjectAltName');
  return elements(names.content, 'subjectAltName').map(readGeneralName);
}

const OTHER_KINDS: Readonly<Record<number, string | undefined>> = {
  [contextConstructedTag(0)]: 'otherName',
  [contextTag(1)]: 'email',
  [contextConstructedTag(4)]: 'directoryName',
  [contextTag(6)]: 'URI',
};

function readGeneralName({ tag, content }: Element): GeneralName {
  if (tag === contextTag(DNS_NAME)) return { kind: 'dns', value: content.toString('latin1') };
  if (tag === contextTag(IP_ADDRESS)) return readAddress(content);
  const kind = OTHER_KINDS[tag] ?? `[${tag & 0x1f}]`;
  const isText = tag === contextTag(1) || tag === contextTag(6);
  return { kind: 'other', value: `${kind}:${isText ? content.toString('latin1') : content.toString('hex')}` };
}

function readAddress(content: Buffer): GeneralName {
  const text = ipText(content);
  return text === undefined
    ? { kind: 'other', value: `IP:${content.toString('hex')}` }
    : { kind: 'ip', value: text };
}
