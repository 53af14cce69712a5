import { quote } from '@docker-mtls/errors';
import { CaError } from '../error.ts';

export const KEY_TYPES = ['ec-p256', 'ec-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096', 'ed25519'] as const;

export type KeyType = (typeof KEY_TYPES)[number];

export function isKeyType(text: unknown): text is KeyType {
  return KEY_TYPES.some((type) => type === text);
}

/** `CA_KEY_TYPE_UNKNOWN`. */
export function parseKeyType(text: string): KeyType {
  if (isKeyType(text)) return text;
  throw new CaError('CA_KEY_TYPE_UNKNOWN', `unknown key type ${quote(text)}`, {
    hint: `choose one of ${KEY_TYPES.join(', ')}`,
  });
}
