import type { CertificateRecord, LeafKind, Registry, RegistryChange } from '@docker-mtls/registry';
import { StoreError } from './error.ts';
import type { Layout } from './layout.ts';
import { certificatePem } from './pem.ts';
import { ensurePublished, pairDirectory } from './pair-folder.ts';
import type { RecordedPair } from './pair-folder.ts';
import { refreshRoots } from './publish-roots.ts';
import { rootsPem } from './root-files.ts';

export type ReinstateRequest = {
  readonly kind: LeafKind;
  readonly name: string;
  /** Of the certificate that is to be in force again. */
  readonly serial: string;
  readonly operator: string;
  readonly now: Date;
};

/**
 * Puts a pair in force again that another one has replaced: that one is replaced now, and stays on record. First the
 * registry, then the files: after a kill in between, the next `openStore` finishes it. A pair that is in force is left
 * as it is. Code: `CA_DIRECTORY_NOT_REPLACED`.
 */
export async function reinstatePair(
  layout: Layout,
  registry: Registry,
  request: ReinstateRequest,
): Promise<void> {
  const row = await registry.certificate(request.serial);
  if (row === undefined || !isReplaced(row, request)) throw notReplaced(request);
  const pair = recordedPair(row);
  if (row.status === 'replaced')
    await registry.transact(async (change) => {
      await change.beginWork(pair);
      await record(change, row, request);
    });
  ensurePublished(layout, pair, await rootsPem(registry));
  refreshRoots(pairDirectory(layout, pair), pair.kind, await rootsPem(registry));
  await registry.transact((change) => change.endWork([pair.serial]));
}

/** The pair of a record that has a folder. */
export function recordedPair({ kind, serial, folder = '', der }: CertificateRecord): RecordedPair {
  return {
    kind: kind === 'server' ? 'server' : 'client',
    serial,
    folder,
    certificatePem: certificatePem(der),
  };
}

function isReplaced(row: CertificateRecord, { kind, name }: ReinstateRequest): boolean {
  return row.kind === kind && row.name === name && row.status !== 'revoked';
}

async function record(
  change: RegistryChange,
  row: CertificateRecord,
  { kind, serial, operator, now }: ReinstateRequest,
): Promise<void> {
  const standing = await change.inFolder(kind, row.folderKey ?? '');
  if (standing !== undefined) {
    const other = standing.serial;
    await change.markReplaced(other, serial, now);
    await change.appendEvent({
      at: now,
      operator,
      action: 'certificate.replaced',
      serial: other,
      detail: { by: serial },
    });
  }
  await change.markCurrent(serial);
  await change.appendEvent({ at: now, operator, action: 'certificate.reinstated', serial });
}

function notReplaced({ kind, name, serial }: ReinstateRequest): StoreError {
  const message = `${serial} is no certificate of the ${kind} ${JSON.stringify(name)} that could be in force again`;
  return new StoreError('CA_DIRECTORY_NOT_REPLACED', message, {
    hint: `docker-mtls list --all shows what was issued`,
  });
}
