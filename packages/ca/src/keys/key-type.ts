import { quote } from '@docker-mtls/errors';
import { CaError } from '../error.ts';

export const KEY_TYPES = ['ec-p256', 'ec-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096', 'ed25519'] as const;

export type KeyType = (typeof KEY_TYPES)[number];

export function isKeyType(text: unknown): text is KeyType {
  return KEY_TYPES.some((type) => type === text);
}

/** What a key can be that somebody else made: Go's crypto/tls takes more than we make. */
export type UsableKeyType = KeyType | 'ec-p521' | `rsa-${number}`;

export function isUsableKeyType(text: string): text is UsableKeyType {
  return isKeyType(text) || text === 'ec-p521' || /^rsa-\d+$/.test(text);
}

/** `CA_KEY_TYPE_UNKNOWN`. */
export function parseKeyType(text: string): KeyType {
  if (isKeyType(text)) return text;
  throw new CaError('CA_KEY_TYPE_UNKNOWN', `unknown key type ${quote(text)}`, {
    hint: `choose one of ${KEY_TYPES.join(', ')}`,
  });
}
