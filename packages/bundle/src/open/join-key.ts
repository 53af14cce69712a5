import type { Certificate } from '@docker-mtls/ca';
import { BundleError } from '../error.ts';
import type { BundleErrorCode } from '../error.ts';
import type { OpenedBundle } from './open-bundle.ts';
import { readKey } from './verify-files.ts';

/** A bundle with its key, wherever that came from. */
export type WholeBundle = OpenedBundle & { readonly files: { readonly key: string } };

/**
 * Joins a bundle of certificates with the key that its client made; one that has a key takes no other. Codes:
 * `BUNDLE_KEY_ELSEWHERE`, `BUNDLE_KEY_INSIDE`, and those of `readKey`.
 */
export function joinKey(opened: OpenedBundle, own: (() => Buffer) | undefined): WholeBundle {
  const { ca, certificate, key } = opened.files;
  if (key !== undefined && own === undefined) return { ...opened, files: { ca, certificate, key } };
  if (key !== undefined)
    throw new BundleError('BUNDLE_KEY_INSIDE', 'the bundle has a key of its own', { hint: 'omit --key' });
  if (own === undefined) throw keyElsewhere(opened.client);
  return { ...opened, files: { ca, certificate, key: readOwnKey(own(), opened.certificate) } };
}

/** The sender of the bundle never had that key, and so can send no better one. */
const OWN_KEY_HINTS: Readonly<Partial<Record<BundleErrorCode, string>>> = {
  BUNDLE_KEY_ENCRYPTED: 'decrypt it with openssl pkey -in KEYFILE -out PLAIN, and give --key PLAIN',
  BUNDLE_KEY_INVALID:
    'give the private key of the request as PEM; openssl pkey -in KEYFILE -out PEMFILE makes PEM of other forms',
};

function readOwnKey(pem: Buffer, certificate: Certificate): string {
  try {
    return readKey(pem, certificate);
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    const { code, message, hint = '' } = error;
    throw new BundleError(code, message, { hint: OWN_KEY_HINTS[code] ?? hint, cause: error });
  }
}

function keyElsewhere(client: string): BundleError {
  return new BundleError('BUNDLE_KEY_ELSEWHERE', 'the bundle has certificates only, and no key', {
    hint: `add --key ${client}-key.pem: the key that docker-mtls request made`,
  });
}
