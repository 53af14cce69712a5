import {
  markCurrent,
  findByFolderKey,
  findBySerial,
  findReplacedBy,
  markReplaced,
} from './certificate-records.ts';
import { StoreError } from './error.ts';
import type { Layout, LeafKind } from './layout.ts';
import { appendEvent } from './ledger.ts';
import { asBytes } from './sqlite.ts';
import type { SqlRow } from './sqlite.ts';
import { certificatePem } from './pem.ts';
import { bringBackPair } from './place-staged-pair.ts';
import type { Registry } from './registry.ts';

export type ReinstateRequest = {
  readonly kind: LeafKind;
  readonly name: string;
  /** Of the certificate that is to be in force again. */
  readonly serial: string;
  readonly operator: string;
  readonly now: Date;
};

/**
 * Puts a pair in force again that another one has replaced: that one is replaced now, stays on record, and its files
 * are set aside whole. First the registry, then the files: after a kill in between, the next `openStore` finishes it.
 * A pair that is in force is left alone. Code: `STORE_NOT_REPLACED`.
 */
export function reinstatePair(layout: Layout, registry: Registry, request: ReinstateRequest): void {
  const row = findBySerial(registry, request.serial);
  if (row === undefined || !isReplaced(row, request)) throw notReplaced(request);
  if (row['status'] === 'replaced') registry.transact(() => record(registry, row, request));
  bringBack(layout, registry, row);
}

/** Sees to it that the files of a certificate that is in force again are in place. Was there anything to do? */
export function bringBack(layout: Layout, registry: Registry, row: SqlRow): boolean {
  const replaces = findReplacedBy(registry, String(row['serial']));
  const other = replaces === undefined ? undefined : findBySerial(registry, replaces);
  return bringBackPair(layout, String(row['kind']) as LeafKind, {
    serial: String(row['serial']),
    folder: String(row['folder']),
    certificatePem: pemOf(row),
    replaces,
    other: other === undefined ? undefined : pemOf(other),
  });
}

function pemOf({ der }: SqlRow): string {
  return certificatePem(asBytes(der));
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
