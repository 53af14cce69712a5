import { generateKeyPairSync, hash } from 'node:crypto';
import forge from 'node-forge';

const { asn1, pki } = forge;
const DAY = 24 * 60 * 60 * 1000;
const URI = 6;

/** Certificates as the cases describe them, and the CAs that issued them: one for each key identifier. */
export function makeCertificates(clients) {
  const authorities = new Map();
  const certificates = new Map();
  const key = rsaKey();
  let serial = 0;
  for (const [name, subject] of clients) {
    const authority = authorities.get(subject.issuer) ?? makeAuthority(subject.issuer, (serial += 1));
    authorities.set(subject.issuer, authority);
    certificates.set(name, makeClient(subject, { authority, key, serial: (serial += 1) }));
  }
  return {
    roots: [...authorities.values()].map(({ certificate }) => pki.certificateToPem(certificate)),
    certificates,
  };
}

function rsaKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const secret = pki.privateKeyFromPem(privateKey.export({ type: 'pkcs1', format: 'pem' }));
  return { secret, open: pki.setRsaPublicKey(secret.n, secret.e) };
}

function makeAuthority(keyId, serial) {
  const key = rsaKey();
  const certificate = unsigned(key, serial);
  const name = [utf8Name('commonName', `CA ${keyId}`)];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { id: '2.5.29.14', value: octets(keyId) },
  ]);
  certificate.sign(key.secret, forge.md.sha256.create());
  return { certificate, key, keyId };
}

function makeClient({ commonName, organizationalUnits, uris }, { authority, key, serial }) {
  const certificate = unsigned(key, serial);
  certificate.setSubject([
    utf8Name('commonName', commonName),
    ...organizationalUnits.map((unit) => utf8Name('organizationalUnitName', unit)),
  ]);
  certificate.setIssuer(authority.certificate.subject.attributes);
  certificate.setExtensions([
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'extKeyUsage', clientAuth: true },
    { name: 'authorityKeyIdentifier', keyIdentifier: forge.util.hexToBytes(authority.keyId) },
    ...(uris.length === 0
      ? []
      : [{ name: 'subjectAltName', altNames: uris.map((value) => ({ type: URI, value })) }]),
  ]);
  certificate.sign(authority.key.secret, forge.md.sha256.create());
  const der = Buffer.from(asn1.toDer(pki.certificateToAsn1(certificate)).getBytes(), 'latin1');
  return { pem: pki.certificateToPem(certificate), fingerprint: hash('sha256', der, 'hex') };
}

function unsigned({ open }, serial) {
  const certificate = pki.createCertificate();
  certificate.publicKey = open;
  certificate.serialNumber = `40${serial.toString(16).padStart(14, '0')}`;
  certificate.validity.notBefore = new Date(Date.now() - DAY);
  certificate.validity.notAfter = new Date(Date.now() + 30 * DAY);
  return certificate;
}

function utf8Name(name, value) {
  return { name, value: forge.util.encodeUtf8(value), valueTagClass: asn1.Type.UTF8 };
}

function octets(hex) {
  const { UNIVERSAL } = asn1.Class;
  return asn1
    .toDer(asn1.create(UNIVERSAL, asn1.Type.OCTETSTRING, false, forge.util.hexToBytes(hex)))
    .getBytes();
}
