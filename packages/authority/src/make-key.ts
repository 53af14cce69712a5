import { generateKeyPair } from '@docker-mtls/ca';
import type { KeyPair, KeyType } from '@docker-mtls/ca';
import type { Caller } from '@docker-mtls/errors';

/** Makes a key pair. An RSA key takes seconds, so the caller is told first. */
export function makeKey(type: KeyType, { note }: Caller): KeyPair {
  if (type.startsWith('rsa-'))
    note?.({ kind: 'progress', message: `making an ${type} key, which takes a moment…` });
  return generateKeyPair(type);
}
