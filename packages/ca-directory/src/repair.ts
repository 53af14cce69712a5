import { cancelGeneration } from '@docker-mtls/files';
import type { Registry, Unfinished } from '@docker-mtls/registry';
import type { Layout } from './layout.ts';
import { ensurePublished, pairDirectory, pairFileNames } from './pair-folder.ts';
import { publishRoots } from './publish-roots.ts';
import type { RecordedPair } from './pair-folder.ts';
import { recordedPair } from './reinstate-pair.ts';
import { publishLists } from './revocation-lists.ts';
import { rootsPem, writeMissingRootFiles } from './root-files.ts';
import { unpublishPair } from './unpublish-pair.ts';

/**
 * Finishes what a killed command left unfinished. Nothing is searched for: what is unfinished is on record. Needs the
 * lock. Returns what was done, in words.
 */
export async function repair(layout: Layout, registry: Registry): Promise<string[]> {
  const missing = await writeMissingRootFiles(layout, registry);
  const written = missing.map((path) => `wrote ${path} again from the registry`);
  if ((await registry.isListUnpublished()) && (await publishLists(layout, registry)))
    written.push(`wrote ${layout.crl} again from the registry`);
  const unfinished = await registry.unfinished();
  const finished: string[] = [];
  for (const work of unfinished) finished.push(...(await finish(layout, registry, work)));
  if (unfinished.length > 0)
    await registry.transact((change) => change.endWork(unfinished.map(({ serial }) => serial)));
  return [...written, ...finished, ...(await finishRoots(layout, registry))];
}

async function finish(layout: Layout, registry: Registry, work: Unfinished): Promise<readonly string[]> {
  const row = await registry.certificate(work.serial);
  if (row?.status === 'revoked') return finishRevocation(layout, recordedPair(row));
  if (row?.status !== 'current') return cancel(layout, work);
  const isDone = ensurePublished(layout, recordedPair(row), await rootsPem(registry));
  return isDone ? [`put the files of the ${work.kind} ${JSON.stringify(row.name)} in place`] : [];
}

async function finishRoots(layout: Layout, registry: Registry): Promise<readonly string[]> {
  if (!(await registry.areRootsDue())) return [];
  const count = await publishRoots(layout, registry);
  return count === 0 ? [] : [wroteRoots(count)];
}

/** That ca.pem was written in so many places, in words. */
export function wroteRoots(places: number): string {
  return `wrote ca.pem again from the registry, in ${places} ${places === 1 ? 'place' : 'places'}`;
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
export async function repairPair(layout: Layout, registry: Registry, serial: string): Promise<boolean> {
  const row = await registry.certificate(serial);
  if (row?.status !== 'current' || row.folder === undefined) return false;
  return ensurePublished(layout, recordedPair(row), await rootsPem(registry));
}
