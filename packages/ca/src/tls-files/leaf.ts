import { parsedForm, readCertificate } from '../certificate/certificate.ts';
import type { Certificate } from '../certificate/certificate.ts';
import { objectsIn, whyNoObject } from '../der/pem-or-der.ts';
import { whyGoDoesNotReadIt } from '../certificate/unreadable.ts';
import { CaError } from '../error.ts';

/**
 * The certificate that docker or dockerd shows, of the file that it is given: the first one, as in crypto/tls
 * X509KeyPair; those after it are sent as they are. `CA_CERTIFICATE_INVALID`.
 */
export function readLeaf(pem: string | Buffer): Certificate {
  const [first] = objectsIn(pem, ['CERTIFICATE']);
  if (first !== undefined) return readByGo(readCertificate(first));
  throw new CaError(
    'CA_CERTIFICATE_INVALID',
    `the certificate file has no certificate for Docker: ${whyNoObject(pem)}`,
    {
      hint: 'write the certificate in PEM, starting with -----BEGIN CERTIFICATE-----; as it is, Docker fails with "tls: failed to find any PEM data in certificate input"',
    },
  );
}

function readByGo(certificate: Certificate): Certificate {
  const reason = whyGoDoesNotReadIt(parsedForm(certificate));
  if (reason === undefined) return certificate;
  throw new CaError('CA_CERTIFICATE_INVALID', `the certificate cannot be used: it ${reason}`, {
    hint: 'issue a new certificate: Docker cannot read this one',
  });
}
