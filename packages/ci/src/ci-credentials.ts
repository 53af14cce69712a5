import type { CiEngine } from './ci-engine.ts';

/** A client's identity for one environment (or for no particular one), as an automation server is to hold it. */
export type CiCredentials = {
  /** The CN that engines see. */
  readonly client: string;
  /** PEM. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  readonly notAfter: Date;
  /** SHA-256 of the certificate, hexadecimal. */
  readonly fingerprint: string;
  readonly engine?: CiEngine | undefined;
};
