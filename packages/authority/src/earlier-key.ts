import { readCertificationRequest, readKeyPair } from '@docker-mtls/ca';
import type { KeyPair, KeyType } from '@docker-mtls/ca';
import { MtlsError, unlessRefused } from '@docker-mtls/errors';
import { isOwnPrivateFile, lstatIfExists, readFile, readFileIfExists } from '@docker-mtls/files';

/**
 * The key that an earlier run has made; `undefined`: there is none. A key is never overwritten, since a certificate may
 * be on its way for it, and one that somebody else may know or have put there is not used. Code: `OUT_EXISTS`.
 */
export function readEarlierKey(file: string, wanted: KeyType | undefined): KeyPair | undefined {
  if (lstatIfExists(file) === undefined) return undefined;
  const key = isOwnPrivateFile(file) ? unlessRefused(() => readKeyPair(readFile(file))) : undefined;
  if (key === undefined || (wanted !== undefined && key.type !== wanted)) throw outExists(file);
  return key;
}

/** Is this the request of that name for that key? */
export function isRequestFor(file: string, name: string, { publicKey }: KeyPair): boolean {
  const data = readFileIfExists(file);
  if (data === undefined) return false;
  const request = unlessRefused(() => readCertificationRequest(data));
  return request?.subjectText === `CN=${name}` && Buffer.from(request.publicKey).equals(publicKey);
}

/** Code: `OUT_EXISTS`. */
export function refuseExisting(file: string): void {
  if (lstatIfExists(file) !== undefined) throw outExists(file);
}

function outExists(file: string): MtlsError {
  return new MtlsError('OUT_EXISTS', `${file} exists already`, {
    hint: 'move it away, or choose another --out folder',
  });
}
