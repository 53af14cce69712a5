import { generateKeyPair } from '@docker-mtls/ca';
import type { KeyPair, KeyType } from '@docker-mtls/ca';
import type { Io } from '../io/io.ts';

/** Makes a key pair; an RSA one takes seconds, and a person at a terminal is told so. */
export function makeKey(type: KeyType, io: Io): KeyPair {
  if (type.startsWith('rsa-')) io.progress?.(`making an ${type} key, which takes a moment…`);
  return generateKeyPair(type);
}
