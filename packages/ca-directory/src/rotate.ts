import nodePath from 'node:path';
import type { Certificate } from '@docker-mtls/ca';
import { createFile, PRIVATE_FILE, removeFile, syncDirectory } from '@docker-mtls/files';
import type { Registry } from '@docker-mtls/registry';
import { caChanged, keyIdOf, signingAuthority, trustedAuthorities } from './authorities.ts';
import type { TrustedAuthority } from './authorities.ts';
import { insertRoot } from './insert-root.ts';
import { StoreError } from './error.ts';
import { strayKeyFiles } from './inspect/authorities.ts';
import type { Layout } from './layout.ts';
import { orUnpublished } from './or-unpublished.ts';
import { publishRoots, requireRootsReady } from './publish-roots.ts';
import { publishLists, recordList } from './revocation-lists.ts';
import type { ListRequest } from './revocation-lists.ts';

type Order = { readonly operator: string; readonly now: Date };

export type PrepareRequest = Order & {
  /** Of the key that is to sign later. */
  readonly certificate: Certificate;
  /** PKCS#8, encrypted as the other keys of the directory are, or not. */
  readonly keyPem: string;
  readonly sign: ListRequest['sign'];
};

/**
 * Has another key trusted, beside the one that signs: the key file first, then the registry, then `ca.pem` and its copies.
 * After a kill in between, the next `openStore` finishes what is recorded; a key that is not is removed by the next
 * rotation, or by a repair. Codes: `CA_DIRECTORY_ROTATING`, `CA_DIRECTORY_UNPUBLISHED`.
 */
export async function storePreparedRotation(
  layout: Layout,
  registry: Registry,
  request: PrepareRequest,
): Promise<void> {
  const { certificate, keyPem, operator, now } = request;
  const { serial } = certificate.info;
  const keyId = keyIdOf(certificate);
  const [other] = (await trustedAuthorities(layout, registry)).filter(({ state }) => state !== 'signing');
  if (other !== undefined) throw rotating(other);
  requireRootsReady(layout);
  for (const path of await strayKeyFiles(layout, registry)) removeFile(path);
  const keyFile = `${keyId}.pem`;
  const path = nodePath.join(layout.private, keyFile);
  createFile(path, keyPem, PRIVATE_FILE);
  try {
    syncDirectory(layout.private);
    await registry.transact(async (change) => {
      await insertRoot(change, { certificate, operator, now });
      await change.insertAuthority({ keyId, state: 'prepared', since: now, keyFile });
      await change.appendEvent({ at: now, operator, action: 'ca.rotation-prepared', serial });
      await recordList(layout, change, { ...request, issuer: keyId });
      await change.oweRoots();
    });
  } catch (error) {
    if (!(await isRecorded(registry, serial))) removeFile(path);
    throw error;
  }
  await publish(layout, registry, 'the new CA certificate is');
}

/** A disk may fail right after the commit: a key whose certificate is on record is never thrown away. */
async function isRecorded(registry: Registry, serial: string): Promise<boolean> {
  try {
    return (await registry.certificate(serial)) !== undefined;
  } catch {
    return true;
  }
}

/** Has the prepared key sign from now on. Code: `CA_DIRECTORY_CA_CHANGED`, where none is prepared. */
export async function storeSwitchedRotation(
  layout: Layout,
  registry: Registry,
  { operator, now }: Order,
): Promise<void> {
  const signing = await signingAuthority(layout, registry);
  const prepared = (await trustedAuthorities(layout, registry)).find(({ state }) => state === 'prepared');
  if (prepared === undefined) throw caChanged();
  const { serial } = prepared.certificate.info;
  const detail = { from: signing.certificate.info.serial };
  await registry.transact(async (change) => {
    await change.setAuthorityState({ keyId: signing.keyId, state: 'retiring', since: now });
    await change.setAuthorityState({ keyId: prepared.keyId, state: 'signing', since: now });
    await change.appendEvent({ at: now, operator, action: 'ca.rotation-switched', serial, detail });
  });
}

export type RetireRequest = Order & {
  /** Names of those who lose access by this, as the log has them. */
  readonly cutOff: readonly string[];
};

/**
 * Has the key that signed before not be trusted any more: `ca.pem` and its copies follow, its list and its key go. Codes:
 * `CA_DIRECTORY_CA_CHANGED`, where there is none; `CA_DIRECTORY_UNPUBLISHED`.
 */
export async function storeRetiredRotation(
  layout: Layout,
  registry: Registry,
  request: RetireRequest,
): Promise<void> {
  const { operator, now, cutOff } = request;
  const signing = await signingAuthority(layout, registry);
  const retiring = (await trustedAuthorities(layout, registry)).find(({ state }) => state === 'retiring');
  if (retiring === undefined) throw caChanged();
  const { serial } = retiring.certificate.info;
  requireRootsReady(layout);
  await registry.transact(async (change) => {
    await change.setAuthorityState({ keyId: retiring.keyId, state: 'retired', since: now });
    await change.markReplaced(serial, signing.certificate.info.serial, now);
    await change.deleteList(retiring.keyId);
    const detail = cutOff.length === 0 ? {} : { cutOff: cutOff.join(', ') };
    await change.appendEvent({ at: now, operator, action: 'ca.rotation-retired', serial, detail });
    await change.oweRoots();
  });
  await publish(layout, registry, 'the end of the old key is');
}

async function publish(layout: Layout, registry: Registry, what: string): Promise<void> {
  await orUnpublished(what, async () => {
    await publishLists(layout, registry);
    await publishRoots(layout, registry);
  });
}

/** A rotation is under way: that key is trusted beside the one that signs. */
export function rotating({ state, certificate }: TrustedAuthority): StoreError {
  const isPrepared = state === 'prepared';
  const { commonName, serial } = { ...certificate.info.subject, ...certificate.info };
  const message = isPrepared
    ? `a new key is prepared already: ${JSON.stringify(commonName ?? serial)}`
    : `the key of before is not retired yet: ${JSON.stringify(commonName ?? serial)}`;
  return new StoreError('CA_DIRECTORY_ROTATING', message, {
    hint: isPrepared
      ? 'docker-mtls ca rotate switch has it sign'
      : 'docker-mtls ca rotate status shows who still needs it, and ca rotate retire ends it',
  });
}
