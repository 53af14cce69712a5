import { isUtf8 } from 'node:buffer';
import { escapeUnprintable } from '@docker-mtls/errors';
import { encode, oid, sequence, set, utf8String } from '../der/build.ts';
import type { Der } from '../der/build.ts';
import { DerError, DerReader, elements, oidValue } from '../der/read.ts';
import type { Element } from '../der/read.ts';
import { TAG } from '../der/tag.ts';

export type NameAttribute = { readonly type: string; readonly tag: number; readonly value: string };

/** A Name as it was found: its octets, which are what names are compared by, and what they say. */
export type DistinguishedName = { readonly der: Buffer; readonly attributes: readonly NameAttribute[] };

/** A Name in words. `text` is safe to print, for instance `CN=alice, OU=ops`. */
export type NameInfo = {
  /** Of several the last one: that is the user whom the engine sees (Go's crypto/x509/pkix, FillFromRDNSequence). */
  readonly commonName?: string;
  readonly organizationalUnits: readonly string[];
  readonly text: string;
};

/** One attribute to each RDN, all UTF8String (RFC 5280 4.1.2.4). Without a common name the Name is empty. */
export function encodeName(commonName: string | undefined, units: readonly string[] = []): Buffer {
  const common = commonName === undefined ? [] : [rdn('commonName', commonName)];
  return encode(sequence(...common, ...units.map((unit) => rdn('organizationalUnitName', unit))));
}

export function readName(name: Element, what: string): DistinguishedName {
  const attributes = elements(name.content, what).flatMap((item) => {
    if (item.tag !== TAG.set || item.content.length === 0) throw new DerError(`${what}: not a name`);
    return elements(item.content, what).map((attribute) => readAttribute(attribute, what));
  });
  return { der: name.der, attributes };
}

export function describeName({ attributes }: DistinguishedName): NameInfo {
  const commonName = attributes.findLast(({ type }) => type === 'commonName')?.value;
  const units = attributes.filter(({ type }) => type === 'organizationalUnitName');
  return {
    ...(commonName === undefined ? {} : { commonName }),
    organizationalUnits: units.map(({ value }) => value),
    text: attributes.map(attributeText).join(', '),
  };
}

const SHORT_NAMES: Readonly<Record<string, string | undefined>> = {
  commonName: 'CN',
  countryName: 'C',
  domainComponent: 'DC',
  localityName: 'L',
  organizationName: 'O',
  organizationalUnitName: 'OU',
  stateOrProvinceName: 'ST',
  userId: 'UID',
};

function attributeText({ type, value }: NameAttribute): string {
  const special = value.replaceAll(/[,+"\\<>;]/g, String.raw`\$&`);
  return `${SHORT_NAMES[type] ?? type}=${escapeUnprintable(special)}`;
}

function rdn(type: 'commonName' | 'organizationalUnitName', value: string): Der {
  return set(sequence(oid(type), utf8String(value)));
}

function readAttribute(attribute: Element, what: string): NameAttribute {
  if (attribute.tag !== TAG.sequence) throw new DerError(`${what}: not a name`);
  const reader = new DerReader(attribute.content);
  const type = oidValue(reader.read(TAG.oid, what), what);
  const value = reader.next(what);
  reader.finish(what);
  return { type, tag: value.tag, value: stringValue(value, what) };
}

function stringValue({ tag, content }: Element, what: string): string {
  if (tag === TAG.bmpString) return bmpText(content, what);
  // T.61 in certificates is Latin-1 in practice. Kinds that are no string at all are shown in hexadecimal.
  const isLatin: boolean = tag === TAG.printableString || tag === TAG.ia5String || tag === TAG.teletexString;
  if (isLatin) return content.toString('latin1');
  if (tag !== TAG.utf8String) return `#${content.toString('hex')}`;
  if (!isUtf8(content)) throw new DerError(`${what}: not UTF-8`);
  return content.toString('utf8');
}

function bmpText(content: Buffer, what: string): string {
  if (content.length % 2 !== 0) throw new DerError(`${what}: half a BMPString character`);
  return Buffer.from(content).swap16().toString('utf16le');
}
