import { createECDH, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { explainDer } from '../der/explain-der.ts';
import { whyNoObject } from '../der/pem-or-der.ts';
import { parsePem, toPem } from '../der/pem.ts';
import type { PemBlock } from '../der/pem.ts';
import { oidValue, readSequence, smallNumber } from '../der/read.ts';
import type { DerReader } from '../der/read.ts';
import { TAG } from '../der/tag.ts';
import { CaError } from '../error.ts';
import { CURVES, ecSpki, readEcPkcs8 } from './ec-frame.ts';
import type { EcKey } from './ec-frame.ts';
import { withImportedKey } from './imported-key.ts';
import { KEY_TYPES, isUsableKeyType } from './key-type.ts';
import type { KeyPair } from './key-pair.ts';
import { readPublicKey } from './public-key.ts';
import { keyWeakness } from './weakness.ts';

const ENCRYPTED = 'ENCRYPTED PRIVATE KEY';
// A file can ask for 2^31 rounds, and node:crypto would run them without a word.
const MOST_ITERATIONS = 10_000_000;

/** Does a passphrase guard this key? `false` where there is no key. */
export function isEncryptedKey(pem: string | Buffer): boolean {
  const block = keyBlock(pem);
  return block !== undefined && isEncrypted(block);
}

/**
 * Reads the private key of a PEM file: PKCS#8, encrypted PKCS#8, or the older forms of OpenSSL. As Go's crypto/tls does,
 * it takes the first block that is labelled as a key, in whatever form, and ignores all other blocks. The public half is
 * checked against the private one. `CA_KEY_INVALID`, `CA_KEY_WEAK`, `CA_PASSPHRASE_NEEDED`, `CA_PASSPHRASE_WRONG`.
 */
export function readKeyPair(pem: string | Buffer, passphrase?: string): KeyPair {
  const block = keyBlock(pem);
  if (block === undefined) throw invalid(whyNoObject(pem));
  return isEncrypted(block) ? pairOf(decrypt(block, passphrase)) : readPlain(block.der);
}

/** crypto/tls X509KeyPair: the first block of type `PRIVATE KEY`, or whose type ends in ` PRIVATE KEY`. */
function keyBlock(pem: string | Buffer): PemBlock | undefined {
  return parsePem(pem).find(({ label }) => label === 'PRIVATE KEY' || label.endsWith(' PRIVATE KEY'));
}

function isEncrypted(block: PemBlock): boolean {
  return block.label === ENCRYPTED || isLegacyEncrypted(block);
}

// RFC 1421 headers, as `openssl genrsa -aes256` wrote until version 1.1.
function isLegacyEncrypted({ headers }: PemBlock): boolean {
  return headers.get('Proc-Type')?.includes('ENCRYPTED') === true;
}

function readPlain(der: Buffer): KeyPair {
  const ec = readEcPkcs8(der);
  if (ec === undefined) return pairOf(importPlain(der));
  // As we write them: nothing that OpenSSL would have to take apart.
  if (!pointOf(ec).equals(ec.point)) throw mismatch();
  const publicKey = ecSpki(ec.type, ec.point);
  refuseWeak(publicKey);
  return { type: ec.type, publicKey, privateKey: der };
}

/** The label says nothing of the form, for Go neither: each one is tried. */
function importPlain(der: Buffer): KeyObject {
  for (const type of ['pkcs8', 'pkcs1', 'sec1'] as const) {
    try {
      return createPrivateKey({ key: der, format: 'der', type });
    } catch {
      // The next form.
    }
  }
  throw invalid('it is no PKCS#8, PKCS#1 or SEC1 key that OpenSSL can read');
}

function pointOf({ type, scalar }: EcKey): Buffer {
  const ecdh = createECDH(CURVES[type].node);
  byOpenSsl(() => ecdh.setPrivateKey(scalar));
  return ecdh.getPublicKey();
}

function pairOf(privateKey: KeyObject): KeyPair {
  const publicHalf = createPublicKey(privateKey);
  const publicKey = byOpenSsl(() => publicHalf.export({ format: 'der', type: 'spki' }));
  const type = supportedType(publicKey);
  if (!belongTogether(privateKey, publicHalf)) throw mismatch();
  const pair = { type, publicKey, privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }) };
  return withImportedKey(pair, privateKey);
}

function byOpenSsl<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw invalid('OpenSSL cannot read it', error);
  }
}

function decrypt(block: PemBlock, passphrase: string | undefined): KeyObject {
  if (block.label === ENCRYPTED) checkIterations(block.der);
  if (passphrase === undefined || passphrase === '') {
    throw new CaError('CA_PASSPHRASE_NEEDED', 'the private key is encrypted', {
      hint: 'give its passphrase at the prompt or with --passphrase-file',
    });
  }
  const key = encryptedPem(block);
  try {
    return createPrivateKey({ key, format: 'pem', passphrase: Buffer.from(passphrase, 'utf8') });
  } catch (error) {
    throw new CaError('CA_PASSPHRASE_WRONG', 'the passphrase does not decrypt the private key', {
      hint: 'check the passphrase; if it is right, the key file is damaged: restore it from a backup',
      cause: error,
    });
  }
}

/** The block again, as OpenSSL writes it: its reader takes less than Go's. */
function encryptedPem(block: PemBlock): string {
  const plain = toPem(block.label, block.der);
  if (!isLegacyEncrypted(block)) return plain;
  const lines = ['Proc-Type', 'DEK-Info'].map((key) => `${key}: ${block.headers.get(key) ?? ''}\n`).join('');
  return plain.replace('-----\n', () => `-----\n${lines}\n`);
}

function checkIterations(der: Buffer): void {
  const rounds = explainDer(invalid, () => {
    const scheme = readScheme(readSequence(der, 'encrypted key'));
    return roundsOf(scheme.name === 'PBES2' ? readScheme(scheme.parameters) : scheme);
  });
  if (rounds > MOST_ITERATIONS) throw invalid(`it asks for ${rounds} rounds of key derivation`);
}

type Scheme = { readonly name: string; readonly parameters: DerReader };

function readScheme(reader: DerReader): Scheme {
  const algorithm = readSequence(reader.read(TAG.sequence, 'algorithm').der, 'algorithm');
  const name = oidValue(algorithm.read(TAG.oid, 'algorithm'), 'algorithm');
  return { name, parameters: readSequence(algorithm.read(TAG.sequence, name).der, name) };
}

/** PBKDF2 and PBES1 (RFC 8018 appendix A), PKCS #12's (RFC 7292 appendix C), scrypt (RFC 7914 section 7.1). */
function roundsOf({ name, parameters }: Scheme): number {
  parameters.read(TAG.octetString, 'salt');
  const factors = name === 'scrypt' ? ['cost', 'block size', 'parallelization'] : ['iterations'];
  return factors.reduce(
    (product, what) => product * smallNumber(parameters.read(TAG.integer, what), what),
    1,
  );
}

function supportedType(publicKey: Buffer): KeyPair['type'] {
  const { type, unsupported } = explainDer(invalid, () => readPublicKey(publicKey));
  refuseWeak(publicKey);
  if (unsupported === undefined && isUsableKeyType(type)) return type;
  const reason = unsupported ?? `keys of the kind ${type}`;
  throw new CaError('CA_KEY_INVALID', `an engine or a Docker CLI has no use for ${reason}`, {
    hint: `make a key of one of the kinds ${KEY_TYPES.join(', ')}`,
  });
}

function refuseWeak(publicKey: Buffer): void {
  const weakness = explainDer(invalid, () => keyWeakness(publicKey));
  if (weakness === undefined) return;
  throw new CaError('CA_KEY_WEAK', `the private key is ${weakness}`, { hint: 'make a new key' });
}

// A file can carry any public key beside the private one, and OpenSSL believes it.
function belongTogether(privateKey: KeyObject, publicKey: KeyObject): boolean {
  const probe = Buffer.from('docker-mtls');
  const digest = privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  try {
    return verify(digest, probe, publicKey, sign(digest, probe, privateKey));
  } catch {
    return false;
  }
}

function mismatch(): CaError {
  return invalid('its public half is not that of its private half');
}

function invalid(reason: string, cause?: unknown): CaError {
  const hint = 'expected one private key in PEM (PKCS#8), as docker-mtls and openssl write it';
  return new CaError('CA_KEY_INVALID', `the private key cannot be used: ${reason}`, { hint, cause });
}
