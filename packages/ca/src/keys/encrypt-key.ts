import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';
import { encode, integerOf, nullValue, octetString, oid, sequence } from '../der/build.ts';
import { toPem } from '../der/pem.ts';
import { CaError } from '../error.ts';
import type { KeyPair } from './key-pair.ts';

/** OWASP's floor for PBKDF2-HMAC-SHA256 (2023): about half a second for each guess. */
const ITERATIONS = 600_000;
// node:crypto reads no longer one back.
const LONGEST_PASSPHRASE = 1024;

/**
 * Encrypted PKCS#8 PEM: PBES2 (RFC 8018) with PBKDF2-HMAC-SHA256, 600 000 rounds, and AES-256-CBC. The passphrase
 * counts as UTF-8. Takes about half a second. `CA_PASSPHRASE_INVALID` when it is empty or longer than 1024 octets.
 */
export function encryptPrivateKey(keyPair: KeyPair, passphrase: string): string {
  const secret = passphraseOctets(passphrase);
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  // forge's own encryptPrivateKeyInfo derives the key in JavaScript: some 20 s at this number of rounds.
  const key = pbkdf2Sync(secret, salt, ITERATIONS, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const encrypted = Buffer.concat([cipher.update(keyPair.privateKey), cipher.final()]);
  key.fill(0);
  return toPem('ENCRYPTED PRIVATE KEY', encryptedPrivateKeyInfo(salt, iv, encrypted));
}

/** RFC 5958 section 3, RFC 8018 appendix A. */
function encryptedPrivateKeyInfo(salt: Buffer, iv: Buffer, encrypted: Buffer): Buffer {
  const derivation = sequence(
    oid('PBKDF2'),
    sequence(octetString(salt), integerOf(ITERATIONS), sequence(oid('hmacWithSHA256'), nullValue())),
  );
  const scheme = sequence(oid('aes256-CBC'), octetString(iv));
  return encode(sequence(sequence(oid('PBES2'), sequence(derivation, scheme)), octetString(encrypted)));
}

function passphraseOctets(passphrase: string): Buffer {
  const octets = Buffer.from(passphrase, 'utf8');
  if (octets.length === 0 || octets.length > LONGEST_PASSPHRASE) {
    throw new CaError('CA_PASSPHRASE_INVALID', `a passphrase of ${octets.length} octets`, {
      hint: `use at least one character and at most ${LONGEST_PASSPHRASE} octets`,
    });
  }
  return octets;
}
