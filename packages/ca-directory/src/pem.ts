/** A certificate's DER in PEM (RFC 7468 section 5): lines of 64 characters. */
export function certificatePem(der: Buffer): string {
  const lines = der.toString('base64').replaceAll(/.{1,64}/gu, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`;
}
