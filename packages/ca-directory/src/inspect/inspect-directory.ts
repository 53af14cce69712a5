import { isMtlsError, refusalOf } from '@docker-mtls/errors';
import type { Registry } from '@docker-mtls/registry';
import { SCHEMA_WITH_AUTHORITIES } from '@docker-mtls/registry';
import { layoutOf } from '../layout.ts';
import type { Layout } from '../layout.ts';
import { readRegistry } from '../open-store.ts';
import { otherOwner } from '../other-owner.ts';
import { readProfile } from '../profile-file.ts';
import { createReader } from '../reader.ts';
import type { EventsVerdict } from '../reader.ts';
import { authorityObservations } from './authorities.ts';
import { modeObservations, ownerObservations, partialObservations } from './modes.ts';
import type { Observation } from './observation.ts';
import { pairObservations, publishedRows } from './pairs.ts';
import { strangerObservations } from './strangers.ts';
import { whileUnchanged } from './while-unchanged.ts';

export type DirectoryInspection = {
  readonly now: Date;
  /** Of an encrypted CA key; without it, such a key is not compared with its certificate. */
  readonly passphrase?: string | undefined;
};

/**
 * Compares a CA directory with its registry, and the registry with itself; changes nothing. Codes: `CA_DIRECTORY_NOT_FOUND`, and those
 * of a disk that cannot be read.
 */
export async function inspectDirectory(
  directory: string,
  inspection: DirectoryInspection,
): Promise<readonly Observation[]> {
  const plain = layoutOf(directory);
  const layout = { ...plain, owner: otherOwner(plain.directory) };
  const files = (): readonly Observation[] => [
    ...modeObservations(layout),
    ...ownerObservations(layout),
    ...partialObservations(layout),
  ];
  let registry: Registry;
  try {
    registry = await readRegistry(layout);
  } catch (error) {
    return [...files(), unusable(layout, error)];
  }
  try {
    return [...files(), ...(await insideObservations(layout, registry, inspection))];
  } catch (error) {
    return [...files(), unusable(layout, error)];
  } finally {
    await registry.close();
  }
}

/** What the registry itself is the reason of; all else is for the caller. */
function unusable(layout: Layout, error: unknown): Observation {
  const isOfRegistry = isMtlsError(error) && REGISTRY_CODES.includes(error.code);
  if (!isOfRegistry) throw error;
  return { word: 'registry-unusable', subject: layout.registry, message: error.message, hint: error.hint };
}

const REGISTRY_CODES: readonly string[] = ['REGISTRY_CORRUPT', 'REGISTRY_NEWER', 'REGISTRY_UNUSABLE'];

async function insideObservations(
  layout: Layout,
  registry: Registry,
  inspection: DirectoryInspection,
): Promise<readonly Observation[]> {
  const damage = await registry.damage();
  if (damage !== undefined)
    return [
      { word: 'registry-unusable', subject: layout.registry, message: `${layout.registry}: ${damage}` },
    ];
  const look = (): Promise<readonly Observation[]> => contentObservations(layout, registry, inspection);
  return whileUnchanged(registry, look, (found) => found.length > 0);
}

async function contentObservations(
  layout: Layout,
  registry: Registry,
  inspection: DirectoryInspection,
): Promise<readonly Observation[]> {
  const rows = await publishedRows(registry);
  return [
    ...(await authorityObservations(layout, registry, inspection)),
    ...(await pairObservations(layout, registry, rows)),
    ...(await strangerObservations(layout, registry, rows)),
    ...profileObservations(layout),
    ...(await unfinishedObservations(layout, registry)),
    ...logObservations(layout, await createReader(layout, registry).verifyEvents()),
  ];
}

function profileObservations(layout: Layout): readonly Observation[] {
  return (['ca', 'server', 'client'] as const).flatMap((kind) => {
    const refusal = refusalOf(() => readProfile(layout, kind));
    if (refusal === undefined) return [];
    const { message, hint } = refusal;
    return [{ word: 'profile-unusable', subject: layout.profiles, message, hint }];
  });
}

async function unfinishedObservations(layout: Layout, registry: Registry): Promise<readonly Observation[]> {
  // Earlier releases searched the folders for what was unfinished, as the first change does.
  if ((await registry.schema()) < SCHEMA_WITH_AUTHORITIES) return [];
  const pairs = (await registry.unfinished()).map(
    ({ kind, folder }) => `the files of the ${kind} in ${folder} are not in place yet, or not removed`,
  );
  const lists = (await registry.isListUnpublished())
    ? ['the newest revocation list is not in place yet']
    : [];
  const roots = (await registry.areRootsDue())
    ? ['the new CA certificates have not reached every pair yet']
    : [];
  return [...pairs, ...lists, ...roots].map((message) => ({
    word: 'work-unfinished',
    subject: layout.registry,
    message,
  }));
}

function logObservations(layout: Layout, verdict: EventsVerdict): readonly Observation[] {
  // One that an earlier release wrote is linked by the first change.
  if (verdict.kind === 'intact' || verdict.kind === 'unchained') return [];
  const message =
    verdict.kind === 'untold'
      ? `no event of the log tells of the certificate ${verdict.serial}, which is on record`
      : `the log is not what was written, from event ${verdict.sequence} on (${verdict.fault})`;
  return [{ word: 'log-broken', subject: layout.registry, message }];
}
