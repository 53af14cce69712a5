import { BundleError } from '../error.ts';
import type { OpenedBundle } from './open-bundle.ts';
import { verifyFiles } from './verify-files.ts';
import type { VerifyFilesOptions } from './verify-files.ts';

/** A bundle with its key, wherever that came from. */
export type WholeBundle = OpenedBundle & { readonly files: { readonly key: string } };

/**
 * Joins a bundle of certificates with the key that its client made; one that has a key takes no other. Codes:
 * `BUNDLE_KEY_ELSEWHERE`, `BUNDLE_KEY_INSIDE`, and those of `verifyFiles`.
 */
export function joinKey(
  opened: OpenedBundle,
  own: (() => Buffer) | undefined,
  options: VerifyFilesOptions,
): WholeBundle {
  const { ca, certificate, key } = opened.files;
  if (key !== undefined && own === undefined) return { ...opened, files: { ca, certificate, key } };
  if (key !== undefined)
    throw new BundleError('BUNDLE_KEY_INSIDE', 'the bundle has a key of its own', { hint: 'omit --key' });
  if (own === undefined) throw keyElsewhere(opened.client);
  const raw = { ca: Buffer.from(ca), certificate: Buffer.from(certificate), key: own() };
  const { files } = verifyFiles(raw, options);
  if (files.key === undefined) throw new Error('a key was verified and is gone');
  return { ...opened, files: { ...files, key: files.key } };
}

function keyElsewhere(client: string): BundleError {
  return new BundleError('BUNDLE_KEY_ELSEWHERE', 'the bundle has certificates only, and no key', {
    hint: `add --key ${client}-key.pem: the key that docker-mtls request made`,
  });
}
