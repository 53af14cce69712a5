import { parsePem } from '../der/pem.ts';
import { CaError } from '../error.ts';
import type { KeyPair } from '../keys/key-pair.ts';
import { isEncryptedKey, readKeyPair } from '../keys/read-key.ts';

export type TlsProgram = 'docker' | 'dockerd';

/**
 * The private key that this program uses, of the file that it is given. Neither uses an encrypted one:
 * `CA_KEY_ENCRYPTED`; `CA_KEY_INVALID`, `CA_KEY_WEAK`.
 */
export function readTlsKey(pem: string | Buffer, program: TlsProgram): KeyPair {
  if (isEncryptedKey(pem)) throw encrypted('"tls: failed to parse private key"');
  if (program === 'docker' && isCalledEncrypted(pem)) throw encrypted('"private key is encrypted"');
  return readKeyPair(pem);
}

/** The CLI looks at the first block of the file alone, whatever it is (docker/go-connections, IsEncryptedPEMBlock). */
function isCalledEncrypted(pem: string | Buffer): boolean {
  return parsePem(pem)[0]?.headers.has('DEK-Info') === true;
}

function encrypted(said: string): CaError {
  return new CaError('CA_KEY_ENCRYPTED', `the private key is encrypted, and Docker cannot use it: ${said}`, {
    hint: 'decrypt it with: openssl pkey -in key.pem -out plain-key.pem',
  });
}
