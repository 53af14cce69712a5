import type { Certificate } from '@docker-mtls/ca';
import { appendEvent, insertCertificate, markReplaced, oweRoots } from '@docker-mtls/registry';
import type { Connection as Registry } from '@docker-mtls/registry';
import { caChanged, keyIdOf, signingAuthority } from './authorities.ts';
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
 * before. Code: `STORE_UNPUBLISHED`.
 */
export function renewRoot(layout: Layout, registry: Registry, request: RootRequest): string {
  const { certificate, operator, now } = request;
  const { serial, subject } = certificate.info;
  const former = signingAuthority(layout, registry);
  if (keyIdOf(certificate) !== former.keyId) throw caChanged();
  const replaces = former.certificate.info.serial;
  requireRootsReady(layout);
  registry.transact(() => {
    markReplaced(registry, replaces, serial, now);
    insertCertificate(registry, {
      certificate,
      kind: 'ca',
      name: subject.commonName ?? serial,
      operator,
      now,
    });
    appendEvent(registry, { at: now, operator, action: 'ca.renewed', serial, detail: { replaces } });
    oweRoots(registry);
  });
  orUnpublished('the new CA certificate is', () => publishRoots(layout, registry));
  return replaces;
}
