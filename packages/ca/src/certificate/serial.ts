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
