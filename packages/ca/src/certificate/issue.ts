import { LONGEST_COMMON_NAME, characterCount } from '../names/name.ts';
import type { SubjectAltName } from '../names/subject-alt-name.ts';
import { readPublicKey } from '../keys/public-key.ts';
import type { Profile, ProfileKeyUsage } from '../profile/profile.ts';
import type { Validity } from '../profile/validity.ts';
import { signCertificate } from './authority.ts';
import type { Authority } from './authority.ts';
import type { Certificate } from './certificate.ts';
import { encodeName } from './distinguished-name.ts';
import { extKeyUsage, keyUsage, subjectAltName, subjectKeyIdentifier } from './extensions.ts';
import { keyIdentifier } from './key-identifier.ts';
import { tbsCertificate } from './tbs.ts';

export type CertificateRequest = {
  readonly profile: Profile;
  /** A server's name of more than 64 characters stands in the SANs alone. */
  readonly commonName?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly sans: readonly SubjectAltName[];
  /** SubjectPublicKeyInfo, DER: from a key pair made here, or from a request whose proof of possession was checked. */
  readonly publicKey: Buffer;
  readonly validity: Validity;
};

/**
 * Signs a certificate for a server or a client. Names, key and times were parsed before; the octets are linted
 * before they are signed: `CA_LINT`.
 */
export function issueCertificate({ signer }: Authority, request: CertificateRequest): Certificate {
  const { profile, commonName, groups = [], sans, publicKey, validity } = request;
  const fits = commonName !== undefined && characterCount(commonName) <= LONGEST_COMMON_NAME;
  const hasSubject = fits || groups.length > 0;
  const { algorithm, bits } = readPublicKey(publicKey);
  const extensions = [
    keyUsage(usagesFor(profile, algorithm)),
    extKeyUsage(profile.extKeyUsage),
    subjectKeyIdentifier(keyIdentifier(bits)),
    signer.authorityKeyId,
    // RFC 5280 4.2.1.6: critical if and only if the subject is empty.
    sans.length === 0 ? undefined : subjectAltName(sans, !hasSubject),
  ];
  const subject = encodeName(fits ? commonName : undefined, groups);
  return signCertificate(signer, tbsCertificate(signer, { validity, subject, publicKey, extensions }));
}

// RFC 8813 section 3, RFC 8410 section 5: an elliptic curve key enciphers nothing.
function usagesFor({ keyUsage: usages }: Profile, algorithm: string): readonly ProfileKeyUsage[] {
  return algorithm === 'rsaEncryption' ? usages : usages.filter((usage) => usage !== 'keyEncipherment');
}
