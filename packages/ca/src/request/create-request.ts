import { sign } from 'node:crypto';
import { bitString, encode, implicitSequence, integerOf, oid, raw, sequence, set } from '../der/build.ts';
import type { Der } from '../der/build.ts';
import { toPem } from '../der/pem.ts';
import { encodeName } from '../certificate/distinguished-name.ts';
import { subjectAltName } from '../certificate/extensions.ts';
import { signingFor } from '../certificate/signature-algorithm.ts';
import { importedKey } from '../keys/imported-key.ts';
import type { KeyPair } from '../keys/key-pair.ts';
import type { SubjectAltName } from '../names/subject-alt-name.ts';

export type RequestNames = { readonly commonName: string; readonly sans?: readonly SubjectAltName[] };

/** A certification request (PKCS #10, RFC 2986), signed with the key that it asks a certificate for. */
export function createCertificationRequest(
  keyPair: KeyPair,
  { commonName, sans = [] }: RequestNames,
): { readonly der: Buffer; readonly pem: string } {
  const { identifier, digest } = signingFor(keyPair.type);
  const info = encode(
    sequence(
      integerOf(0),
      raw(encodeName(commonName)),
      raw(keyPair.publicKey),
      implicitSequence(0, ...attributes(sans)),
    ),
  );
  const der = encode(sequence(raw(info), identifier, bitString(sign(digest, info, importedKey(keyPair)))));
  return { der, pem: toPem('CERTIFICATE REQUEST', der) };
}

function attributes(sans: readonly SubjectAltName[]): Der[] {
  if (sans.length === 0) return [];
  return [sequence(oid('extensionRequest'), set(sequence(subjectAltName(sans, false))))];
}
