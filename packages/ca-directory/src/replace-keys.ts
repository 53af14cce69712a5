import nodePath from 'node:path';
import { PRIVATE_FILE, replaceFile } from '@docker-mtls/files';
import type { Registry } from '@docker-mtls/registry';
import { caChanged, trustedAuthorities } from './authorities.ts';
import type { Layout } from './layout.ts';

/** A key file's text, and the one that takes its place. */
export type KeyChange = { readonly keyId: string; readonly former: string; readonly pem: string };

export type KeysRequest = {
  readonly changes: readonly KeyChange[];
  readonly isEncrypted: boolean;
  readonly operator: string;
  readonly now: Date;
};

/**
 * Writes the keys of the CA again, as another passphrase has them: each file is the old or the new one at any moment, and
 * private. Code: `CA_DIRECTORY_CA_CHANGED`, and nothing changed, where another command has changed a key since it was read.
 */
export async function replaceKeys(layout: Layout, registry: Registry, request: KeysRequest): Promise<void> {
  const trusted = await trustedAuthorities(layout, registry);
  const files = new Map((await registry.authorities()).map(({ keyId, keyFile }) => [keyId, keyFile]));
  const isSame = ({ keyId, former }: KeyChange): boolean =>
    trusted.some((authority) => authority.keyId === keyId && authority.keyPem() === former);
  if (request.changes.length !== trusted.length || !request.changes.every(isSame)) throw caChanged();
  for (const { keyId, pem } of request.changes)
    replaceFile(nodePath.join(layout.private, files.get(keyId) ?? ''), pem, PRIVATE_FILE);
  const { operator, now, isEncrypted } = request;
  const serial = trusted[0]?.certificate.info.serial ?? '';
  const detail = { keys: isEncrypted ? 'encrypted' : 'not encrypted' };
  await registry.transact(
    async (change) =>
      await change.appendEvent({ at: now, operator, action: 'ca.passphrase', serial, detail }),
  );
}
