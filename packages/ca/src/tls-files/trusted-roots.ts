import { readCertificate } from '../certificate/certificate.ts';
import type { Certificate } from '../certificate/certificate.ts';
import { parsedForm } from '../certificate/certificate.ts';
import { whyGoDoesNotReadIt } from '../certificate/unreadable.ts';
import { whyNoObject } from '../der/pem-or-der.ts';
import { parsePem } from '../der/pem.ts';
import type { PemBlock } from '../der/pem.ts';
import { CaError } from '../error.ts';

/** The CA file of an engine (`tlscacert`) or a Docker CLI (`ca.pem`), as crypto/x509 AppendCertsFromPEM reads it. */
export type TrustedRoots = {
  /** Each one once, in the order of the file. */
  readonly certificates: readonly Certificate[];
  /**
   * Why further blocks were passed over, one reason for each. Docker passes over what it cannot read too, without a word;
   * but it may read what is not read here, so `certificates` alone does not show that no other CA is trusted.
   */
  readonly unreadable: readonly string[];
};

/** `CA_CERTIFICATE_INVALID` where no certificate remains: then docker and dockerd refuse the file as well. */
export function readTrustedRoots(pem: string | Buffer): TrustedRoots {
  const blocks = parsePem(pem).filter(isTrustBlock);
  const unreadable: string[] = [];
  const certificates = new Map<string, Certificate>();
  for (const { der } of blocks) {
    const read = readRoot(der);
    if (typeof read === 'string') unreadable.push(read);
    else certificates.set(read.info.fingerprint, read);
  }
  if (certificates.size === 0) throw noRoots(unreadable[0] ?? whyNoRoot(pem));
  return { certificates: [...certificates.values()], unreadable };
}

/** Blocks with headers are passed over: a certificate has none. */
function isTrustBlock({ label, headers }: PemBlock): boolean {
  return label === 'CERTIFICATE' && headers.size === 0;
}

function readRoot(der: Buffer): Certificate | string {
  try {
    const certificate = readCertificate(der);
    const reason = whyGoDoesNotReadIt(parsedForm(certificate));
    return reason === undefined ? certificate : `a certificate that ${reason}`;
  } catch (error) {
    if (error instanceof CaError) return error.message;
    throw error;
  }
}

function whyNoRoot(pem: string | Buffer): string {
  const hasCertificate = parsePem(pem).some(({ label }) => label === 'CERTIFICATE');
  return hasCertificate ? 'its certificates have PEM headers, and Docker skips those' : whyNoObject(pem);
}

function noRoots(reason: string): CaError {
  const said = 'dockerd: "failed to append certificates from PEM file", docker: "ca.pem seems invalid"';
  return new CaError('CA_CERTIFICATE_INVALID', `the CA file has no certificate for Docker: ${reason}`, {
    hint: `write the CA certificate in PEM, starting with -----BEGIN CERTIFICATE-----; as it is, it fails in ${said}`,
  });
}
