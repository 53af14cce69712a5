import { randomBytes } from 'node:crypto';

/**
 * 16 octets of which 126 bits are random. The top bit is clear, so the number is positive without a sign octet; the
 * next one is set, so it is never zero and every serial has the same length (RFC 5280 4.1.2.2: at most 20 octets).
 */
export function newSerial(): Buffer {
  const serial = randomBytes(16);
  serial.writeUInt8((serial.readUInt8(0) & 0x3f) | 0x40, 0);
  return serial;
}

/** RFC 5280 4.1.2.2: at most 20 octets. */
const LONGEST = 40;

/**
 * A serial number as people copy it, from OpenSSL or a browser: with colons or spaces, a leading 0x, capitals and leading
 * zeros. Returns it as `CertificateInfo` has it; `undefined` for what is not one.
 */
export function parseSerial(text: string): string | undefined {
  const match = /^(?:0x)?([\da-f]+(?:[: ][\da-f]+)*)$/iu.exec(text.trim());
  const digits = match?.[1]?.replaceAll(/[: ]/gu, '').toLowerCase().replace(/^0+/u, '');
  if (digits === undefined || digits === '' || digits.length > LONGEST) return undefined;
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}
