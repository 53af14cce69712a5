import { cancelGeneration } from '@docker-mtls/files';
import { areRootsDue, endWork, findBySerial, selectUnfinished } from '@docker-mtls/registry';
import type { Connection as Registry, Unfinished } from '@docker-mtls/registry';
import type { Layout } from './layout.ts';
import { ensurePublished, pairDirectory, pairFileNames } from './pair-folder.ts';
import { publishRoots } from './publish-roots.ts';
import type { RecordedPair } from './pair-folder.ts';
import { recordedPair } from './reinstate-pair.ts';
import { isListUnpublished, publishLists } from './revocation-lists.ts';
import { rootsPem, writeMissingRootFiles } from './root-files.ts';
import { unpublishPair } from './unpublish-pair.ts';

/**
 * Finishes what a killed command left unfinished. Nothing is searched for: what is unfinished is on record. Needs the
 * lock. Returns what was done, in words.
 */
export function repair(layout: Layout, registry: Registry): string[] {
  const written = writeMissingRootFiles(layout, registry).map(
    (path) => `wrote ${path} again from the registry`,
  );
  if (isListUnpublished(registry) && publishLists(layout, registry))
    written.push(`wrote ${layout.crl} again from the registry`);
  const unfinished = selectUnfinished(registry);
  const finished = unfinished.flatMap((work) => finish(layout, registry, work));
  if (unfinished.length > 0)
    registry.transact(() =>
      endWork(
        registry,
        unfinished.map(({ serial }) => serial),
      ),
    );
  return [...written, ...finished, ...finishRoots(layout, registry)];
}

function finish(layout: Layout, registry: Registry, work: Unfinished): readonly string[] {
  const row = findBySerial(registry, work.serial);
  if (row?.['status'] === 'revoked') return finishRevocation(layout, recordedPair(row));
  if (row?.['status'] !== 'current') return cancel(layout, work);
  const isDone = ensurePublished(layout, recordedPair(row), rootsPem(registry));
  return isDone ? [`put the files of the ${work.kind} ${JSON.stringify(row['name'])} in place`] : [];
}

function finishRoots(layout: Layout, registry: Registry): readonly string[] {
  if (!areRootsDue(registry)) return [];
  const count = publishRoots(layout, registry);
  return count === 0 ? [] : [`wrote ca.pem again from the registry, in ${count} places`];
}

function cancel(layout: Layout, work: Unfinished): readonly string[] {
  cancelGeneration({ directory: pairDirectory(layout, work), names: pairFileNames(work.kind) });
  return [`removed what was prepared for a ${work.kind}: no certificate had been issued for it`];
}

function finishRevocation(layout: Layout, pair: RecordedPair): readonly string[] {
  unpublishPair(layout, pair);
  return [`removed the files of the ${pair.kind} certificate ${pair.serial}, which was revoked`];
}

/** Writes again what is missing of a pair in force and can be had from the registry. Was there anything to do? */
export function repairPair(layout: Layout, registry: Registry, serial: string): boolean {
  const row = findBySerial(registry, serial);
  if (row?.['status'] !== 'current' || row['folder'] === null) return false;
  return ensurePublished(layout, recordedPair(row), rootsPem(registry));
}
