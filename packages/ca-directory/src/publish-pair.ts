import fs from 'node:fs';
import nodePath from 'node:path';
import type { Certificate } from '@docker-mtls/ca';
import {
  cancelGeneration,
  currentGeneration,
  exists,
  makePrivateDirectory,
  makePrivateUnsynced,
  PRIVATE_FILE,
  PUBLIC_FILE,
  stageGeneration,
  syncAll,
  withAnchor,
} from '@docker-mtls/files';
import type { FolderFile, Unsynced } from '@docker-mtls/files';
import type { LeafKind, Registry, RegistryChange, Unfinished } from '@docker-mtls/registry';
import { kindFolder, LEAF_FILES, LEAF_KINDS, leafPaths } from './layout.ts';
import type { Layout } from './layout.ts';
import { orUnpublished } from './or-unpublished.ts';
import { pairDirectory, pairFileNames, publishStaged, readPairFiles } from './pair-folder.ts';
import type { PairFiles } from './pair-folder.ts';
import { planPairs } from './plan-pairs.ts';
import type { PairRequest, PlannedPair } from './plan-pairs.ts';
import { requireOwn, requireWritable } from './require-own.ts';
import { rootsPem } from './root-files.ts';

export type PublishedPair = {
  readonly directory: string;
  readonly files: { readonly ca: string; readonly certificate: string; readonly key?: string };
  /** Where the files are that this pair replaced. They stay until the next pair is issued. */
  readonly setAside?: string;
  /** What the files hold. */
  read(): PairFiles;
};

/** As `publishPairs`, of one. */
export async function publishPair(
  layout: Layout,
  registry: Registry,
  request: PairRequest,
): Promise<PublishedPair> {
  const [pair] = await publishPairs(layout, registry, [request]);
  if (pair === undefined) throw new Error('a pair was published, and is not there');
  return pair;
}

/**
 * What is about to be done is recorded; then all keys go to the disk, all certificates to the registry by one commit,
 * and each pair is put in force by one rename. Up to the second commit, a failure leaves things as they were; after it,
 * the next `openStore` finishes what is left to do.
 * Codes: `CA_DIRECTORY_NAME_UNUSABLE`, `CA_DIRECTORY_NAME_TAKEN`, `CA_DIRECTORY_NAME_COLLIDES`, `CA_DIRECTORY_SERIAL_TAKEN`, `CA_DIRECTORY_UNPUBLISHED`,
 * and those of the disk.
 */
export async function publishPairs(
  layout: Layout,
  registry: Registry,
  requests: readonly PairRequest[],
): Promise<readonly PublishedPair[]> {
  const planned = await planPairs(layout, registry, requests);
  if (planned.length === 0) return [];
  for (const [kind, pairs] of byKind(planned)) requireReady(layout, kind, pairs);
  const staged: PlannedPair[] = [];
  try {
    await registry.transact(async (change) => {
      for (const pair of planned) await change.beginWork(workOf(pair));
    });
    const roots = await rootsPem(registry);
    for (const [kind, pairs] of byKind(planned)) stage(layout, { kind, pairs, roots, staged });
    await registry.transact(async (change) => {
      for (const pair of planned) await record(change, pair);
    });
  } catch (error) {
    await cancelUnlessRecorded(layout, registry, { planned, staged });
    throw error;
  }
  const former = planned.map((pair) => formerGeneration(layout, pair));
  for (const [kind, pairs] of byKind(planned)) await publishOrExplain(layout, kind, pairs);
  await forgetWork(registry, planned);
  return planned.map((pair, index) => published(layout, pair, former[index]));
}

function byKind(planned: readonly PlannedPair[]): readonly (readonly [LeafKind, readonly PlannedPair[]])[] {
  return LEAF_KINDS.map(
    (kind) => [kind, planned.filter(({ request }) => request.kind === kind)] as const,
  ).filter(([, pairs]) => pairs.length > 0);
}

function workOf({ request, folder }: PlannedPair): Unfinished {
  return { serial: request.certificate.info.serial, kind: request.kind, folder };
}

/** What is on record and not needed any more costs the next command a look at the folder, and is no reason to fail. */
async function forgetWork(registry: Registry, planned: readonly PlannedPair[]): Promise<void> {
  try {
    await registry.transact((change) => change.endWork(planned.map((pair) => workOf(pair).serial)));
  } catch {
    // Of a full disk, say.
  }
}

type Attempt = { readonly planned: readonly PlannedPair[]; readonly staged: readonly PlannedPair[] };

/** A disk may fail right after the commit: a key whose certificate is on record is never thrown away. */
async function cancelUnlessRecorded(
  layout: Layout,
  registry: Registry,
  { planned, staged }: Attempt,
): Promise<void> {
  for (const { request } of planned) if (await mayBeRecorded(registry, request.certificate)) return;
  for (const { request, folder } of staged) {
    const { kind } = request;
    cancelGeneration({ directory: pairDirectory(layout, { kind, folder }), names: pairFileNames(kind) });
  }
  await forgetWork(registry, planned);
}

async function mayBeRecorded(registry: Registry, { info }: Certificate): Promise<boolean> {
  try {
    return (await registry.certificate(info.serial)) !== undefined;
  } catch {
    // The next command that opens the registry will know.
    return true;
  }
}

/** What could keep a pair from being published after the commit should show before it. */
function requireReady(layout: Layout, kind: LeafKind, pairs: readonly PlannedPair[]): void {
  const folder = kindFolder(layout, kind);
  makePrivateDirectory(folder);
  requireWritable(folder);
  for (const pair of pairs.filter(({ request }) => request.force)) {
    const directory = pairDirectory(layout, { kind, folder: pair.folder });
    if (!fs.existsSync(directory)) continue;
    requireOwn(layout, directory);
    requireWritable(directory);
  }
}

type Staging = {
  readonly kind: LeafKind;
  readonly pairs: readonly PlannedPair[];
  readonly roots: string;
  readonly staged: PlannedPair[];
};

function stage(layout: Layout, { kind, pairs, roots, staged }: Staging): void {
  const folder = kindFolder(layout, kind);
  withAnchor(folder, () => {
    const unsynced = pairs.map((pair) => {
      staged.push(pair);
      return stageOne(layout, pair, roots);
    });
    syncAll(folder, {
      files: unsynced.flatMap(({ files }) => files),
      folders: [...unsynced.flatMap(({ folders }) => folders), folder],
    });
  });
}

/** Returns the files that must be on the disk before the commit. */
function stageOne(layout: Layout, { request, folder }: PlannedPair, roots: string): Unsynced {
  const { kind, keyPem, certificate } = request;
  const directory = pairDirectory(layout, { kind, folder });
  // What replaces a pair has its folder.
  if (!exists(directory)) makePrivateUnsynced(directory);
  const names = LEAF_FILES[kind];
  // The certificate may not be on the disk before it is in the registry, but its space may: so a full disk shows
  // before the commit, when all can still be undone. This space need not survive a crash.
  const space = Buffer.alloc(Buffer.byteLength(certificate.pem), '\n');
  const files: readonly FolderFile[] = [
    ...(keyPem === undefined ? [] : [{ name: names.key, data: keyPem, mode: PRIVATE_FILE }]),
    { name: names.ca, data: roots, mode: PUBLIC_FILE },
    { name: names.certificate, data: space, mode: PUBLIC_FILE },
  ];
  const id = certificate.info.serial;
  const unsynced = stageGeneration({ directory, id, names: pairFileNames(kind), files });
  return { ...unsynced, files: unsynced.files.slice(0, -1) };
}

async function record(
  change: RegistryChange,
  { request, folder, folderKey, replaces }: PlannedPair,
): Promise<void> {
  const { kind, name, certificate, operator, now } = request;
  const { serial } = certificate.info;
  if (replaces !== undefined) {
    await change.markReplaced(replaces, serial, now);
    const detail = { by: serial };
    await change.appendEvent({ at: now, operator, action: 'certificate.replaced', serial: replaces, detail });
  }
  await change.insertCertificate({ certificate, kind, name, folder, folderKey, operator, now });
  await change.appendEvent({
    at: now,
    operator,
    action: 'certificate.issued',
    serial,
    detail: { kind, name },
  });
}

function formerGeneration(layout: Layout, { request, folder }: PlannedPair): string | undefined {
  const directory = pairDirectory(layout, { kind: request.kind, folder });
  const generation = currentGeneration(directory);
  return generation === undefined ? undefined : nodePath.join(directory, generation);
}

function published(layout: Layout, { request, folder }: PlannedPair, setAside?: string): PublishedPair {
  const { kind, keyPem } = request;
  const { directory, ca, certificate, key } = leafPaths(pairDirectory(layout, { kind, folder }), kind);
  return {
    directory,
    files: { ca, certificate, ...(keyPem !== undefined && { key }) },
    read: () => readPairFiles(layout, directory, kind),
    ...(setAside === undefined ? {} : { setAside }),
  };
}

async function publishOrExplain(
  layout: Layout,
  kind: LeafKind,
  planned: readonly PlannedPair[],
): Promise<void> {
  const pairs = planned.map(({ request: { certificate }, folder }) => ({
    kind,
    folder,
    serial: certificate.info.serial,
    certificatePem: certificate.pem,
  }));
  await orUnpublished(recorded(planned), () => publishStaged(layout, pairs));
}

function recorded([first, ...others]: readonly PlannedPair[]): string {
  const serial = first?.request.certificate.info.serial ?? '';
  return others.length === 0
    ? `certificate ${serial} is`
    : `certificate ${serial} and ${others.length} more are`;
}
