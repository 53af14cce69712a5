import fs from 'node:fs';
import nodePath from 'node:path';
import { explained, PUBLIC_FILE, replaceFile } from '@docker-mtls/files';
import { findBySerial, findReplacedBy, selectPublished, selectReinstated } from './certificate-records.ts';
import { toSupersededName } from './folder-name.ts';
import { kindFolder, LEAF_KINDS, leafPaths, stagingFolder } from './layout.ts';
import type { Layout, LeafKind } from './layout.ts';
import { asBytes } from './sqlite.ts';
import type { SqlRow } from './sqlite.ts';
import { certificatePem } from './pem.ts';
import { moveToSuperseded, placeStagedPairs, stagedDirectory } from './place-staged-pair.ts';
import type { Registry } from './registry.ts';
import { bringBack } from './reinstate-pair.ts';
import { requireOwn } from './require-own.ts';
import { rootsPem, writeMissingRootFiles } from './root-files.ts';
import { namesIn } from './names-in.ts';

/** Sets right what a killed command left behind. Needs the lock. Returns what was done, in words. */
export function repair(layout: Layout, registry: Registry): string[] {
  return [
    ...writeMissingRootFiles(layout, registry).map((path) => `wrote ${path} again from the registry`),
    ...LEAF_KINDS.flatMap((kind) => repairStaged(layout, registry, kind)),
    ...finishReinstated(layout, registry),
    ...repairPublished(layout, registry),
  ];
}

function repairStaged(layout: Layout, registry: Registry, kind: LeafKind): string[] {
  return namesIn(stagingFolder(layout, kind)).map((serial) => {
    const row = findBySerial(registry, serial);
    return row === undefined ? discardStaged(layout, kind, serial) : finishStaged(layout, registry, row);
  });
}

function discardStaged(layout: Layout, kind: LeafKind, serial: string): string {
  const staged = nodePath.join(stagingFolder(layout, kind), serial);
  explained('remove', staged, () => fs.rmSync(staged, { recursive: true, force: true }));
  return `removed what was prepared for a ${kind}: no certificate had been issued for it`;
}

function finishStaged(layout: Layout, registry: Registry, row: SqlRow): string {
  const kind = String(row['kind']) as LeafKind;
  const serial = String(row['serial']);
  const folder = String(row['folder']);
  const who = `the ${kind} ${JSON.stringify(row['name'])}`;
  if (row['status'] !== 'current') {
    const name = toSupersededName(folder, serial);
    moveToSuperseded(layout, kind, { from: stagedDirectory(layout, kind, serial), name });
    return `set the files of ${who} aside: they were replaced before they were in place`;
  }
  const certificate = certificatePem(asBytes(row['der']));
  const replaces = findReplacedBy(registry, serial);
  placeStagedPairs(layout, kind, [{ serial, folder, certificatePem: certificate, replaces }]);
  return `put the files of ${who} in place`;
}

function finishReinstated(layout: Layout, registry: Registry): string[] {
  const rows = selectReinstated(registry).filter((row) => bringBack(layout, registry, row));
  return rows.map(({ kind, name }) => `put the files of the ${kind} ${JSON.stringify(name)} back in place`);
}

function repairPublished(layout: Layout, registry: Registry): string[] {
  return selectPublished(registry).flatMap((row) => {
    const kind = String(row['kind']) as LeafKind;
    const directory = nodePath.join(kindFolder(layout, kind), String(row['folder']));
    // A folder that is gone is somebody's wish; without the key it would be of no use.
    if (!fs.existsSync(directory)) return [];
    const paths = leafPaths(directory, kind);
    return [
      ...writeIfMissing(layout, paths.certificate, () => publishedPem(registry, row)),
      ...writeIfMissing(layout, paths.ca, () => rootsPem(registry)),
    ];
  });
}

function publishedPem(registry: Registry, { serial }: SqlRow): string {
  return certificatePem(asBytes(findBySerial(registry, String(serial))?.['der']));
}

function writeIfMissing(layout: Layout, path: string, text: () => string): string[] {
  if (fs.existsSync(path)) return [];
  // Nothing is missing where we may not look.
  requireOwn(layout, nodePath.dirname(path));
  replaceFile(path, text(), PUBLIC_FILE);
  return [`wrote ${path} again from the registry`];
}
