/** Identifier octets (X.690 8.1.2), whole: class, constructed bit and number. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Context-specific and primitive: an IMPLICIT tag on a string type. */
export function contextTag(number: number): number {
  return 0x80 | number;
}

/** Context-specific and constructed: an EXPLICIT tag, or an IMPLICIT one on a SEQUENCE. */
export function contextConstructedTag(number: number): number {
  return 0xa0 | number;
}
