import { constants, sign } from 'node:crypto';
import { bitString, encode, explicit, integerOf, oid, raw, sequence } from '../src/der/build.ts';
import type { Der } from '../src/der/build.ts';
import { time } from '../src/der/time.ts';
import { encodeName } from '../src/certificate/distinguished-name.ts';
import { authorityKeyIdentifier, extension, subjectKeyIdentifier } from '../src/certificate/extensions.ts';
import { importedKey } from '../src/keys/imported-key.ts';
import type { KeyPair } from '../src/keys/key-pair.ts';
import { NOW, sharedKey } from './fixtures.ts';

export type OddFields = {
  readonly version?: Der | undefined;
  readonly serial?: Der;
  readonly algorithm?: Der;
  readonly outer?: Der;
  readonly issuer?: Buffer;
  readonly notBefore?: Der;
  readonly notAfter?: Der;
  readonly subject?: Buffer;
  readonly publicKey?: Buffer;
  readonly uniqueId?: Der;
  readonly extensions?: readonly Der[];
  /** Signs it with this digest (SHA-256 unless told), and RSASSA-PSS given a salt's length, whatever its algorithm says. */
  readonly signer?: KeyPair;
  readonly digest?: string | null;
  readonly saltLength?: number | undefined;
};

export const SERIAL: Der = integerOf(0x4000_0000_0000_0000_0000n);
export const LATER = new Date('2027-01-01T00:00:00Z');
export const ALGORITHM: Der = sequence(oid('ecdsa-with-SHA256'));

export const KEY_IDS: readonly Der[] = [
  subjectKeyIdentifier(Buffer.alloc(20, 1)),
  authorityKeyIdentifier(Buffer.alloc(20, 2)),
];
export const CLIENT_USE: Der = extension('extKeyUsage', sequence(oid('clientAuth')));
/** digitalSignature alone, critical. */
export const SIGNATURE_USE: Der = extension('keyUsage', bitString(Buffer.of(0x80), 7), true);
export const CLIENT_EXTENSIONS: readonly Der[] = [SIGNATURE_USE, CLIENT_USE, ...KEY_IDS];

/** A certificate as nobody should make one; without changes a good client's, but for its signature (give a `signer`). */
export function oddCertificate(fields: OddFields = {}): Buffer {
  const { serial = SERIAL, algorithm = ALGORITHM, outer = algorithm, uniqueId } = fields;
  const { issuer = encodeName('Test CA'), subject = encodeName('alice') } = fields;
  const { notBefore = time(NOW), notAfter = time(LATER) } = fields;
  const { publicKey = sharedKey('ec-p256').publicKey, extensions = CLIENT_EXTENSIONS } = fields;
  const version = 'version' in fields ? fields.version : explicit(0, integerOf(2));
  const validity = sequence(notBefore, notAfter);
  const list = extensions.length === 0 ? undefined : explicit(3, sequence(...extensions));
  const head = [version, serial, algorithm, raw(issuer), validity, raw(subject), raw(publicKey)];
  const tbs = encode(sequence(...head, uniqueId, list));
  return encode(sequence(raw(tbs), outer, bitString(signatureOf(tbs, fields))));
}

function signatureOf(tbs: Buffer, { signer, digest = 'sha256', saltLength }: OddFields): Buffer {
  if (signer === undefined) return Buffer.alloc(70);
  const pss = saltLength === undefined ? {} : { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
  return sign(digest, tbs, { key: importedKey(signer), ...pss });
}
