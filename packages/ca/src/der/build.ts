import asn1 from 'node-forge/lib/asn1.js';
import type { Asn1 } from 'node-forge/lib/asn1.js';
import { OIDS } from './oid.ts';
import type { OidName } from './oid.ts';
import { TAG, contextConstructedTag, contextTag } from './tag.ts';

/** A piece of DER that is being put together. */
export type Der = Asn1;

const UNIVERSAL = 0;

/** The finished bytes. */
export function encode(node: Der): Buffer {
  return Buffer.from(asn1.toDer(node).getBytes(), 'latin1');
}

/** DER that exists already, taken over byte for byte. */
export function raw(der: Buffer): Der {
  const header = der[1] === undefined || der[1] < 0x80 ? 2 : 2 + (der[1] & 0x7f);
  return tagged(der[0] ?? 0, der.subarray(header));
}

/** Items that are `undefined` are left out: that is how an OPTIONAL field is absent. */
export function sequence(...items: (Der | undefined)[]): Der {
  return constructed(TAG.sequence, items);
}

export function set(...items: Der[]): Der {
  return constructed(TAG.set, items);
}

/** EXPLICIT context tag. */
export function explicit(number: number, item: Der): Der {
  return constructed(contextConstructedTag(number), [item]);
}

/** IMPLICIT context tag over a primitive type. */
export function implicit(number: number, content: Buffer): Der {
  return tagged(contextTag(number), content);
}

/** IMPLICIT context tag over a SEQUENCE. */
export function implicitSequence(number: number, ...items: Der[]): Der {
  return constructed(contextConstructedTag(number), items);
}

/** A whole number >= 0, from its magnitude: leading zeros go, and one comes back where the top bit is set (X.690 8.3). */
export function integer(magnitude: Buffer): Der {
  const first = magnitude.findIndex((byte) => byte !== 0);
  if (first === -1) return tagged(TAG.integer, Buffer.of(0));
  const trimmed = magnitude.subarray(first);
  const topBit = (trimmed[0] ?? 0) >= 0x80;
  return tagged(TAG.integer, topBit ? Buffer.concat([Buffer.of(0), trimmed]) : trimmed);
}

export function integerOf(value: number | bigint): Der {
  const hex = value.toString(16);
  return integer(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'));
}

export function enumerated(value: number): Der {
  return tagged(TAG.enumerated, Buffer.of(value));
}

export function boolean(value: boolean): Der {
  return tagged(TAG.boolean, Buffer.of(value ? 0xff : 0));
}

export function nullValue(): Der {
  return tagged(TAG.null, Buffer.alloc(0));
}

export function octetString(content: Buffer): Der {
  return tagged(TAG.octetString, content);
}

export function bitString(content: Buffer, unusedBits = 0): Der {
  return tagged(TAG.bitString, Buffer.concat([Buffer.of(unusedBits), content]));
}

export function utf8String(text: string): Der {
  return tagged(TAG.utf8String, Buffer.from(text, 'utf8'));
}

export function oid(name: OidName): Der {
  return primitive(TAG.oid, oidContent(name));
}

export function tagged(tag: number, content: Buffer): Der {
  return primitive(tag, content.toString('latin1'));
}

const oidContents = new Map<OidName, string>();

function oidContent(name: OidName): string {
  const known = oidContents.get(name);
  if (known !== undefined) return known;
  const content = asn1.oidToDer(OIDS[name]).getBytes();
  oidContents.set(name, content);
  return content;
}

// forge writes `tagClass | type` as the identifier octet, so a whole octet as `type` needs no splitting.
function primitive(tag: number, content: string): Der {
  return asn1.create(UNIVERSAL, tag, false, content);
}

function constructed(tag: number, items: (Der | undefined)[]): Der {
  return asn1.create(UNIVERSAL, tag, true, items);
}
