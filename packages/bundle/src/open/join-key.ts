import { BundleError } from '../error.ts';
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
  return { ...opened, files: { ca, certificate, key: readKey(own(), opened.certificate) } };
}

function keyElsewhere(client: string): BundleError {
  return new BundleError('BUNDLE_KEY_ELSEWHERE', 'the bundle has certificates only, and no key', {
    hint: `add --key ${client}-key.pem: the key that docker-mtls request made`,
  });
}
