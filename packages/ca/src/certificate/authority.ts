import { sign } from 'node:crypto';
import { bitString, encode, raw, sequence } from '../der/build.ts';
import type { Der } from '../der/build.ts';
import { CaError } from '../error.ts';
import { importedKey } from '../keys/imported-key.ts';
import type { KeyPair } from '../keys/key-pair.ts';
import { lintTbs } from '../lint/lint.ts';
import type { Profile } from '../profile/profile.ts';
import type { Validity } from '../profile/validity.ts';
import { isPair, parsedForm, toCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { encodeName } from './distinguished-name.ts';
import { authorityKeyIdentifier, caConstraints, keyUsage, subjectKeyIdentifier } from './extensions.ts';
import { keyIdentifier } from './key-identifier.ts';
import { parseTbs } from './parse.ts';
import type { ParsedTbs } from './parse.ts';
import { readPublicKey } from '../keys/public-key.ts';
import { signingFor } from './signature-algorithm.ts';
import { tbsCertificate } from './tbs.ts';

/** A CA that can sign. The key is closed over: nothing that prints or serialises an Authority can show it. */
export type Authority = { readonly certificate: Certificate; readonly signer: Signer };

/** What is the same in all that a CA signs is encoded once. */
export type Signer = {
  /** The CA certificate as parsed; absent while the CA signs its own. */
  readonly issuer: ParsedTbs | undefined;
  /** The subject of the CA certificate byte for byte: re-encoded, it might not chain (RFC 5280 4.1.2.4, 7.1). */
  readonly issuerName: Buffer;
  readonly authorityKeyId: Der;
  readonly algorithm: Der;
  readonly sign: (bytes: Buffer) => Buffer;
};

export type NewAuthority = {
  readonly name: string;
  readonly profile: Profile;
  readonly keyPair: KeyPair;
  readonly validity: Validity;
};

/** Makes a CA's own certificate. `name` went through `parseCaName`. `CA_LINT` when the result would break a rule. */
export function createAuthority({ name, profile, keyPair, validity }: NewAuthority): Authority {
  const subject = encodeName(name);
  const keyId = keyIdentifier(readPublicKey(keyPair.publicKey).bits);
  const signer = signerOf(keyPair, subject, keyId, undefined);
  // RFC 5280 4.2.1.1: a self-signed certificate may omit the authority key identifier.
  const extensions = [caConstraints(), keyUsage(profile.keyUsage), subjectKeyIdentifier(keyId)];
  const tbs = tbsCertificate(signer, { validity, subject, publicKey: keyPair.publicKey, extensions });
  return authorityOf(signCertificate(signer, tbs), keyPair);
}

/** A CA from its certificate and key. `CA_PAIR_MISMATCH`, `CA_NOT_A_CA`. */
export function openAuthority(certificate: Certificate, keyPair: KeyPair): Authority {
  if (!isPair(certificate, keyPair)) {
    throw new CaError('CA_PAIR_MISMATCH', 'the CA certificate and the CA key do not belong together', {
      hint: 'put the key back that the certificate was made with',
    });
  }
  const { isCa, keyUsage: usages, keyId } = certificate.info;
  const maySign = usages.length === 0 || usages.includes('keyCertSign');
  if (!isCa || !maySign || keyId === undefined) {
    throw new CaError(
      'CA_NOT_A_CA',
      `the certificate of ${certificate.info.subject.text} is not that of a CA`,
      {
        hint: 'it needs basicConstraints CA:TRUE, keyUsage keyCertSign and a subjectKeyIdentifier',
      },
    );
  }
  return authorityOf(certificate, keyPair);
}

/** Lints the octets, then signs them: nothing that breaks a rule is ever signed. `CA_LINT`. */
export function signCertificate(signer: Signer, tbs: Der): Certificate {
  const tbsDer = encode(tbs);
  const parsed = parseTbs(tbsDer);
  const [finding] = lintTbs(parsed, signer.issuer);
  if (finding !== undefined) {
    const { rule, message, citation } = finding;
    throw new CaError(
      'CA_LINT',
      `refused to sign a certificate that breaks ${rule}: ${message} (${citation})`,
      {
        hint: 'check the names and the profile; nothing was signed',
      },
    );
  }
  const signature = signer.sign(tbsDer);
  const der = encode(sequence(raw(tbsDer), signer.algorithm, bitString(signature)));
  return toCertificate(der, { tbs: parsed, tbsDer, algorithm: parsed.algorithm, signature });
}

function authorityOf(certificate: Certificate, keyPair: KeyPair): Authority {
  const { tbs } = parsedForm(certificate);
  const keyId = tbs.keyId ?? keyIdentifier(tbs.publicKey.bits);
  return { certificate, signer: signerOf(keyPair, tbs.subject.der, keyId, tbs) };
}

function signerOf(
  keyPair: KeyPair,
  issuerName: Buffer,
  keyId: Buffer,
  issuer: ParsedTbs | undefined,
): Signer {
  const key = importedKey(keyPair);
  const { identifier, digest } = signingFor(keyPair.type);
  return {
    issuer,
    issuerName,
    authorityKeyId: authorityKeyIdentifier(keyId),
    algorithm: identifier,
    sign: (bytes) => sign(digest, bytes, key),
  };
}
