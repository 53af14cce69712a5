/**
 * The y of each point of Edwards25519 whose order divides 8 (RFC 8032 section 5.1), in every way to write it, p and
 * p + 1 among them. The bit for the sign of x is left out.
 */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
]);

/** Is this an Ed25519 key for which there are signatures that anybody can make, without any private key? */
export function isOfSmallOrder(point: Buffer): boolean {
  const withoutSign = Buffer.from(point);
  withoutSign.writeUInt8(withoutSign.readUInt8(31) & 0x7f, 31);
  return SMALL_ORDER.has(withoutSign.toString('hex'));
}
