import { raw } from '../der/build.ts';
import type { Validity } from '../profile/validity.ts';
import { signCertificate } from './authority.ts';
import type { Authority } from './authority.ts';
import { parsedForm } from './certificate.ts';
import { tbsCertificate } from './tbs.ts';

/**
 * The same CA with new dates: name, key and extensions stay octet for octet, so that what it has signed chains to the new
 * certificate as it did to the old one (RFC 5280 6.1.4, and 4.2.1.1 for the key identifiers). `CA_LINT`.
 */
export function renewAuthority({ certificate, signer }: Authority, validity: Validity): Authority {
  const { tbs } = parsedForm(certificate);
  // One with issuer and serial in it would name the old certificate; RFC 5280 4.2.1.1 lets a self-signed one omit it.
  const kept = tbs.extensions.filter(({ name }) => name !== 'authorityKeyIdentifier');
  const extensions = kept.map(({ der }) => raw(der));
  const fields = { validity, subject: signer.issuerName, publicKey: tbs.spki, extensions };
  const renewed = signCertificate({ ...signer, issuer: undefined }, tbsCertificate(signer, fields));
  return { certificate: renewed, signer: { ...signer, issuer: parsedForm(renewed).tbs } };
}
