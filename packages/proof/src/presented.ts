import crypto from 'node:crypto';

/** What a server showed during the handshake. */
export type Presented = {
  /** SHA-256 of its certificate, lower-case hexadecimal. */
  readonly fingerprint: string;
  readonly der: Buffer;
  /** Under TLS 1.2, which shows it in the clear: whether a client certificate was asked for, and of which CAs. */
  readonly request?: RequestedCertificate;
};

export type RequestedCertificate = {
  readonly isMade: boolean;
  /** Distinguished names of the CAs, DER. */
  readonly authorities: readonly Buffer[];
};

export function presentedOf(der: Buffer, request?: RequestedCertificate): Presented {
  const fingerprint = crypto.createHash('sha256').update(der).digest('hex');
  return { fingerprint, der, ...(request && { request }) };
}
