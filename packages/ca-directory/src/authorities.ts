import nodePath from 'node:path';
import { readCertificate } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { hasCode } from '@docker-mtls/errors';
import { LARGEST_FILE, readFile } from '@docker-mtls/files';
import type { AuthorityState, RegistryReader } from '@docker-mtls/registry';
import { checkPrivateKey } from './check-directory.ts';
import { StoreError } from './error.ts';
import { CA_KEY_FILE } from './layout.ts';
import type { Layout } from './layout.ts';

/** A key of this CA that is trusted, with its certificate in force. */
export type TrustedAuthority = {
  readonly certificate: Certificate;
  readonly keyId: string;
  readonly state: AuthorityState;
  /** When it came into that state. */
  readonly since: Date;
  /** The key file's text, perhaps encrypted. Codes: `CA_DIRECTORY_KEY_MISSING`, `CA_DIRECTORY_UNSAFE`. */
  readonly keyPem: () => string;
};

/** Every trusted key of the CA, that with the newest certificate first. */
export async function trustedAuthorities(
  layout: Layout,
  registry: RegistryReader,
): Promise<readonly TrustedAuthority[]> {
  const trusted = await registry.trusted();
  if (trusted.length === 0) return earlierAuthorities(layout, registry);
  return trusted.map(({ der, keyId, state, since, keyFile }) => ({
    certificate: readCertificate(der),
    keyId,
    state,
    since,
    keyPem: () => readKeyFile(layout, keyFile),
  }));
}

/** An earlier release had one key, and did not record it. */
async function earlierAuthorities(
  layout: Layout,
  registry: RegistryReader,
): Promise<readonly TrustedAuthority[]> {
  const roots = await registry.roots();
  return roots
    .slice(0, 1)
    .map(({ der }) => readCertificate(der))
    .map((certificate) => ({
      certificate,
      keyId: keyIdOf(certificate),
      state: 'signing',
      since: certificate.info.notBefore,
      keyPem: () => readKeyFile(layout, CA_KEY_FILE),
    }));
}

/** The one of them that signs. */
export async function signingAuthority(layout: Layout, registry: RegistryReader): Promise<TrustedAuthority> {
  const found = (await trustedAuthorities(layout, registry)).find(({ state }) => state === 'signing');
  if (found === undefined) throw new Error('an opened registry has no CA certificate that signs');
  return found;
}

/** By which certificates and revocation lists name the key; a certificate without one is named by its serial. */
export function keyIdOf({ info: { keyId, serial } }: Certificate): string {
  return keyId ?? serial;
}

/** What was signed with a key that does not sign any more, because another command has changed that. */
export function caChanged(): StoreError {
  return new StoreError(
    'CA_DIRECTORY_CA_CHANGED',
    'another command has changed meanwhile which key of the CA signs',
    {
      hint: 'run the command again',
    },
  );
}

function readKeyFile(layout: Layout, name: string): string {
  checkPrivateKey(layout);
  const path = nodePath.join(layout.private, name);
  try {
    return readFile(path, LARGEST_FILE, layout.owner).toString('utf8');
  } catch (error) {
    if (!hasCode(error, 'FILE_NOT_FOUND')) throw error;
    throw new StoreError('CA_DIRECTORY_KEY_MISSING', `the CA key ${path} is missing`, {
      hint: 'restore a backup to another folder, docker-mtls ca restore FILE --ca-dir OTHER, and copy the key from its private: nothing can be issued without it',
      cause: error,
    });
  }
}
