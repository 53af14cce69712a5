import type { Certificate } from '@docker-mtls/ca';
import type { Registry } from '@docker-mtls/registry';
import { caChanged, keyIdOf, signingAuthority } from './authorities.ts';
import { insertRoot } from './insert-root.ts';
import type { Layout } from './layout.ts';
import { orUnpublished } from './or-unpublished.ts';
import { publishRoots, requireRootsReady } from './publish-roots.ts';

/** A new certificate for the key that signs. */
export type RootRequest = {
  readonly certificate: Certificate;
  readonly operator: string;
  readonly now: Date;
};

/**
 * Puts a new certificate of the signing key in the place of the one before, which is replaced; `ca.pem` and its copies in the
 * folders of the pairs follow. After a kill in between, the next `openStore` finishes that. Returns the serial of the one
 * before. Code: `CA_DIRECTORY_UNPUBLISHED`.
 */
export async function renewRoot(layout: Layout, registry: Registry, request: RootRequest): Promise<string> {
  const { certificate, operator, now } = request;
  const { serial } = certificate.info;
  const former = await signingAuthority(layout, registry);
  if (keyIdOf(certificate) !== former.keyId) throw caChanged();
  const replaces = former.certificate.info.serial;
  requireRootsReady(layout);
  await registry.transact(async (change) => {
    await change.markReplaced(replaces, serial, now);
    await insertRoot(change, { certificate, operator, now });
    await change.appendEvent({ at: now, operator, action: 'ca.renewed', serial, detail: { replaces } });
    await change.oweRoots();
  });
  await orUnpublished('the new CA certificate is', () => publishRoots(layout, registry));
  return replaces;
}
