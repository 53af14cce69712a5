import { createHash } from 'node:crypto';
import { readCertificate, readCertificates, readKeyPair } from '@docker-mtls/ca';
import type * as Asn1js from 'asn1js';
import type * as Pkijs from 'pkijs';
import { BundleError } from '../error.ts';
import { type BundleFiles } from '../layout/pack-bundle.ts';

export type Pkcs12Request = {
  /** Shown by browsers and key stores; `keytool` calls it the alias. */
  readonly name: string;
  readonly files: BundleFiles & { readonly key: string };
  readonly passphrase: string;
};

/** openssl takes 2 048 and Java 10 000; each program that opens the file pays for it at every start. */
const ITERATIONS = 100_000;
// RFC 7292 appendix D; RFC 2985 5.5.
const KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const FRIENDLY_NAME = '1.2.840.113549.1.9.20';
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21';
// Java's mark of a certificate to trust (sun.security.pkcs12.PKCS12KeyStore); keytool writes it with any purpose.
const TRUSTED_KEY_USAGE = '2.16.840.1.113894.746875.1.1';
const ANY_PURPOSE = '2.5.29.37.0';
const BY_PASSPHRASE = 1;
const IN_THE_CLEAR = 0;
const INTEGRITY_BY_PASSPHRASE = 0;

/** The two libraries, loaded when a PKCS#12 file is really asked for. */
type Libraries = { readonly pkijs: typeof Pkijs; readonly asn1js: typeof Asn1js };

type Protection = {
  readonly password: ArrayBuffer;
  readonly contentEncryptionAlgorithm: { readonly name: 'AES-CBC'; readonly length: 256 };
  readonly hmacHashAlgorithm: 'SHA-256';
  readonly iterationCount: number;
};

/**
 * The client's key, its certificate and its CA as one PKCS#12 file (RFC 7292): PBES2 with AES-256-CBC and
 * PBKDF2-HMAC-SHA256, and an HMAC-SHA256 over all. openssl, NSS, Java from 8u301 on and Windows from 10 on read
 * it; older ones know RC2 and 3DES only. In Java it is a key store and a trust store at once. Two runs make different
 * bytes. Code: `BUNDLE_PASSPHRASE_INVALID`.
 */
export async function packPkcs12({ name, files, passphrase }: Pkcs12Request): Promise<Buffer> {
  const pkijs = await import('pkijs');
  const asn1js = await import('asn1js');
  const protection = protectBy(passphrase);
  const leaf = readCertificate(files.certificate).der;
  const attributes = bagAttributes({ pkijs, asn1js }, name, createHash('sha256').update(leaf).digest());
  const key = await shroudedKey(pkijs, readKeyPair(files.key).privateKey, protection);
  const keyBags = [new pkijs.SafeBag({ bagId: KEY_BAG, bagValue: key, bagAttributes: attributes })];
  const certificateBags = [
    certificateBag(pkijs, leaf, attributes),
    ...readCertificates(files.ca).map(({ der }, index) =>
      certificateBag(
        pkijs,
        der,
        trustAttributes({ pkijs, asn1js }, `${name}-ca${index === 0 ? '' : index + 1}`),
      ),
    ),
  ];
  return seal(pkijs, { keyBags, certificateBags }, protection);
}

/**
 * RFC 7292 takes a passphrase as UTF-16, PBES2 as octets, and programs disagree about letters beyond ASCII: a file
 * that cannot be opened elsewhere is no use.
 */
function protectBy(passphrase: string): Protection {
  if (!/^[ -~]+$/.test(passphrase)) {
    throw new BundleError(
      'BUNDLE_PASSPHRASE_INVALID',
      'a PKCS#12 passphrase has printable ASCII characters only',
      {
        hint: 'choose one of letters, digits, spaces and punctuation: programs disagree about all others',
      },
    );
  }
  return {
    password: new Uint8Array(Buffer.from(passphrase)).buffer,
    contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256 },
    hmacHashAlgorithm: 'SHA-256',
    iterationCount: ITERATIONS,
  };
}

/** The same id on key and certificate says which belong together. */
function bagAttributes({ pkijs, asn1js }: Libraries, name: string, id: Buffer): Pkijs.Attribute[] {
  return [
    new pkijs.Attribute({ type: FRIENDLY_NAME, values: [new asn1js.BmpString({ value: name })] }),
    new pkijs.Attribute({ type: LOCAL_KEY_ID, values: [new asn1js.OctetString({ valueHex: id })] }),
  ];
}

/** Without these, Java takes a CA for a part of the key's chain and trusts nobody. */
function trustAttributes({ pkijs, asn1js }: Libraries, alias: string): Pkijs.Attribute[] {
  return [
    new pkijs.Attribute({ type: FRIENDLY_NAME, values: [new asn1js.BmpString({ value: alias })] }),
    new pkijs.Attribute({
      type: TRUSTED_KEY_USAGE,
      values: [new asn1js.ObjectIdentifier({ value: ANY_PURPOSE })],
    }),
  ];
}

async function shroudedKey(
  { PKCS8ShroudedKeyBag, PrivateKeyInfo }: typeof Pkijs,
  privateKey: Buffer,
  protection: Protection,
): Promise<Pkijs.PKCS8ShroudedKeyBag> {
  const bag = new PKCS8ShroudedKeyBag({ parsedValue: PrivateKeyInfo.fromBER(privateKey) });
  await bag.makeInternalValues(protection);
  return bag;
}

function certificateBag(
  { CertBag, Certificate, SafeBag }: typeof Pkijs,
  der: Buffer,
  attributes: Pkijs.Attribute[],
): Pkijs.SafeBag {
  const bagValue = new CertBag({ parsedValue: Certificate.fromBER(der) });
  return new SafeBag({ bagId: CERTIFICATE_BAG, bagValue, bagAttributes: attributes });
}

type Bags = { readonly keyBags: Pkijs.SafeBag[]; readonly certificateBags: Pkijs.SafeBag[] };

/** Key bags are encrypted one by one; certificates are by the safe that they lie in. */
async function seal(
  { AuthenticatedSafe, PFX, SafeContents }: typeof Pkijs,
  { keyBags, certificateBags }: Bags,
  protection: Protection,
): Promise<Buffer> {
  const safeContents = [
    { privacyMode: IN_THE_CLEAR, value: new SafeContents({ safeBags: keyBags }) },
    { privacyMode: BY_PASSPHRASE, value: new SafeContents({ safeBags: certificateBags }) },
  ];
  const authenticatedSafe = new AuthenticatedSafe({ parsedValue: { safeContents } });
  await authenticatedSafe.makeInternalValues({ safeContents: [{}, protection] });
  const file = new PFX({ parsedValue: { integrityMode: INTEGRITY_BY_PASSPHRASE, authenticatedSafe } });
  const { password, iterationCount: iterations, hmacHashAlgorithm } = protection;
  await file.makeInternalValues({ password, iterations, pbkdf2HashAlgorithm: 'SHA-256', hmacHashAlgorithm });
  return Buffer.from(file.toSchema().toBER());
}
