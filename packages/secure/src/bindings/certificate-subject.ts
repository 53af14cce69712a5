import { clientNames } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { plainHex } from '@docker-mtls/policy';
import type { CertificateSubject } from '@docker-mtls/policy';

/** A client as a policy sees its certificate. A plugin takes the issuer from the CA that verifies it; here it is what it says. */
export function subjectOfCertificate(certificate: Certificate): CertificateSubject {
  const { commonName = '', organizationalUnits, uris } = clientNames(certificate);
  const { fingerprint, authorityKeyId = '' } = certificate.info;
  return {
    kind: 'certificate',
    commonName,
    organizationalUnits,
    uris,
    fingerprint: plainHex(fingerprint),
    issuer: plainHex(authorityKeyId),
  };
}
