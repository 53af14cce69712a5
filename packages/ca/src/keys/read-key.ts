import { createECDH, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { explainDer } from '../der/explain-der.ts';
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

const ENCRYPTED = 'ENCRYPTED PRIVATE KEY';
const LABELS: readonly string[] = ['PRIVATE KEY', ENCRYPTED, 'EC PRIVATE KEY', 'RSA PRIVATE KEY'];
// A file can ask for 2^31 rounds, and node:crypto would run them without a word.
const MOST_ITERATIONS = 10_000_000;

/** Does a passphrase guard this key? */
export function isEncryptedKey(pem: string | Buffer): boolean {
  const text = toText(pem);
  return isEncryptedPkcs8(text) || isLegacyEncrypted(text);
}

/**
 * Reads one private key from PEM: PKCS#8, encrypted PKCS#8, or the older forms of OpenSSL. The public half is checked
 * against the private one. `CA_KEY_INVALID`, `CA_KEY_WEAK`, `CA_PASSPHRASE_NEEDED`, `CA_PASSPHRASE_WRONG`.
 */
export function readKeyPair(pem: string | Buffer, passphrase?: string): KeyPair {
  const text = toText(pem);
  return isEncryptedKey(text) ? pairOf(decrypt(text, passphrase)) : readPlain(onlyKey(text));
}

function readPlain({ label, der }: PemBlock): KeyPair {
  const ec = label === 'PRIVATE KEY' ? readEcPkcs8(der) : undefined;
  if (ec === undefined) return pairOf(byOpenSsl(() => createPrivateKey(toPem(label, der))));
  // As we write them: nothing that OpenSSL would have to take apart.
  if (!pointOf(ec).equals(ec.point)) throw mismatch();
  return { type: ec.type, publicKey: ecSpki(ec.type, ec.point), privateKey: der };
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

function decrypt(text: string, passphrase: string | undefined): KeyObject {
  if (isEncryptedPkcs8(text)) checkIterations(onlyKey(text).der);
  if (passphrase === undefined || passphrase === '') {
    throw new CaError('CA_PASSPHRASE_NEEDED', 'the private key is encrypted', {
      hint: 'give its passphrase at the prompt or with --passphrase-file',
    });
  }
  try {
    return createPrivateKey({ key: text, format: 'pem', passphrase: Buffer.from(passphrase, 'utf8') });
  } catch (error) {
    throw new CaError('CA_PASSPHRASE_WRONG', 'the passphrase does not open the private key', {
      hint: 'check the passphrase; a forgotten one cannot be brought back; if it is right, the file of the key is damaged',
      cause: error,
    });
  }
}

function isEncryptedPkcs8(text: string): boolean {
  return text.includes(`-----BEGIN ${ENCRYPTED}-----`);
}

// RFC 1421 headers, as `openssl genrsa -aes256` wrote until version 1.1.
function isLegacyEncrypted(text: string): boolean {
  return /^Proc-Type: 4,ENCRYPTED\r?$/m.test(text);
}

function onlyKey(text: string): PemBlock {
  const blocks = explainDer(invalid, () => parsePem(text)).filter(({ label }) => label !== 'EC PARAMETERS');
  const [block] = blocks;
  if (block === undefined) throw invalid('there is no PEM block');
  if (blocks.length > 1) throw invalid(`there are ${blocks.length} PEM blocks`);
  if (!LABELS.includes(block.label)) throw invalid(`it is labelled ${block.label}`);
  return block;
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
  const { type, weakness, unsupported } = explainDer(invalid, () => readPublicKey(publicKey));
  if (weakness !== undefined) {
    throw new CaError('CA_KEY_WEAK', `the private key is ${weakness}`, { hint: 'make a new key' });
  }
  if (unsupported === undefined && isUsableKeyType(type)) return type;
  const reason = unsupported ?? `keys of the kind ${type}`;
  throw new CaError('CA_KEY_INVALID', `an engine or a Docker CLI has no use for ${reason}`, {
    hint: `make a key of one of the kinds ${KEY_TYPES.join(', ')}`,
  });
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

function toText(pem: string | Buffer): string {
  return typeof pem === 'string' ? pem : pem.toString('latin1');
}
