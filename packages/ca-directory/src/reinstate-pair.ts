import {
  appendEvent,
  asBytes,
  beginWork,
  endWork,
  findByFolderKey,
  findBySerial,
  markCurrent,
  markReplaced,
} from '@docker-mtls/registry';
import type { LeafKind, Connection as Registry, SqlRow } from '@docker-mtls/registry';
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
 * as it is. Code: `STORE_NOT_REPLACED`.
 */
export function reinstatePair(layout: Layout, registry: Registry, request: ReinstateRequest): void {
  const row = findBySerial(registry, request.serial);
  if (row === undefined || !isReplaced(row, request)) throw notReplaced(request);
  const pair = recordedPair(row);
  if (row['status'] === 'replaced')
    registry.transact(() => {
      beginWork(registry, pair);
      record(registry, row, request);
    });
  ensurePublished(layout, pair, rootsPem(registry));
  refreshRoots(pairDirectory(layout, pair), pair.kind, rootsPem(registry));
  registry.transact(() => endWork(registry, [pair.serial]));
}

export function recordedPair(row: SqlRow): RecordedPair {
  return {
    kind: String(row['kind']) as LeafKind,
    serial: String(row['serial']),
    folder: String(row['folder']),
    certificatePem: certificatePem(asBytes(row['der'])),
  };
}

function isReplaced(row: SqlRow, { kind, name }: ReinstateRequest): boolean {
  return row['kind'] === kind && row['name'] === name && row['status'] !== 'revoked';
}

function record(registry: Registry, row: SqlRow, { kind, serial, operator, now }: ReinstateRequest): void {
  const standing = findByFolderKey(registry, kind, String(row['folder_key']));
  if (standing !== undefined) {
    const other = String(standing['serial']);
    markReplaced(registry, other, serial, now);
    appendEvent(registry, {
      at: now,
      operator,
      action: 'certificate.replaced',
      serial: other,
      detail: { by: serial },
    });
  }
  markCurrent(registry, serial);
  appendEvent(registry, { at: now, operator, action: 'certificate.reinstated', serial });
}

function notReplaced({ kind, name, serial }: ReinstateRequest): StoreError {
  const message = `${serial} is no certificate of the ${kind} ${JSON.stringify(name)} that could be in force again`;
  return new StoreError('STORE_NOT_REPLACED', message, {
    hint: `docker-mtls list --all shows what was issued`,
  });
}
