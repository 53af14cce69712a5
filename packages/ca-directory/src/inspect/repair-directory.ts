import fs from 'node:fs';
import { hasCode, orRefused } from '@docker-mtls/errors';
import {
  currentGeneration,
  explained,
  PUBLIC_FILE,
  readGeneration,
  removeFile,
  replaceFile,
  sweepFolder,
} from '@docker-mtls/files';
import type { LockWait, Registry } from '@docker-mtls/registry';
import { LEAF_FILES, layoutOf, leafPaths } from '../layout.ts';
import type { Layout } from '../layout.ts';
import { openRegistry } from '../open-store.ts';
import { refuseOtherOwner } from '../other-owner.ts';
import { ensurePublished, isPublished, pairDirectory } from '../pair-folder.ts';
import type { RecordedPair } from '../pair-folder.ts';
import { publishRoots } from '../publish-roots.ts';
import { publishLists } from '../revocation-lists.ts';
import { wroteRoots } from '../repair.ts';
import { rootsPem } from '../root-files.ts';
import { strayKeyFiles } from './authorities.ts';
import { entriesBelow, wrongModes } from './modes.ts';
import { isKeyOf, publishedRows } from './pairs.ts';

/**
 * Sets right what can be: modes, unfinished work, and files that the registry has. What it cannot, `inspectDirectory` still
 * reports. Returns what was done, in words. Codes: those of `openStore`.
 */
export async function repairDirectory(directory: string, options: LockWait = {}): Promise<readonly string[]> {
  const layout = layoutOf(directory);
  refuseOtherOwner(layout.directory);
  const modes = fs.existsSync(layout.directory) ? setModes(layout) : [];
  const { registry, repairs } = await openRegistry(directory, options);
  try {
    const done = [...modes, ...repairs, ...(await rewriteRootFiles(layout, registry))];
    for (const { pair, name } of await publishedRows(registry))
      done.push(...(await orLeft(() => repairFiles(layout, registry, pair, name), [])));
    return [...done, ...(await sweep(layout, registry))];
  } finally {
    await registry.close();
  }
}

function setModes(layout: Layout): readonly string[] {
  return wrongModes(layout).map(({ path, wanted }) => {
    explained('change the mode of', path, () => fs.chmodSync(path, wanted));
    return `set the mode of ${path} to ${wanted.toString(8).padStart(4, '0')}`;
  });
}

async function rewriteRootFiles(layout: Layout, registry: Registry): Promise<readonly string[]> {
  const roots = await orLeft(() => publishRoots(layout, registry), 0);
  const lists = await orLeft(() => publishLists(layout, registry), false);
  return [
    ...(roots === 0 ? [] : [wroteRoots(roots)]),
    ...(lists ? [`wrote ${layout.crl} again from the registry`] : []),
  ];
}

/** The certificate, as far as the key there is its own: of a pair that somebody has exchanged, it would break what works. */
async function repairFiles(
  layout: Layout,
  registry: Registry,
  pair: RecordedPair,
  name: string,
): Promise<readonly string[]> {
  const directory = pairDirectory(layout, pair);
  if (!fs.existsSync(directory)) return [];
  const key = readOne(directory, LEAF_FILES[pair.kind].key);
  // Nobody knows whose certificate belongs to a key that cannot be read.
  if (key === 'unreadable') return [];
  const isDone = !isPublished(layout, pair) && ensurePublished(layout, pair, await rootsPem(registry));
  const certificate = readOne(directory, LEAF_FILES[pair.kind].certificate);
  const isRight = certificate?.toString('utf8') === pair.certificatePem || !isKeyOf(pair, key);
  if (!isRight) replaceFile(certificatePath(directory, pair), pair.certificatePem, PUBLIC_FILE);
  return isDone || !isRight
    ? [`wrote the files of the ${pair.kind} ${JSON.stringify(name)} again from the registry`]
    : [];
}

/** What is no file where one should be is left to those who have put it there, unless a rename takes its place. */
function readOne(directory: string, name: string): Buffer | 'unreadable' | undefined {
  return orRefused(
    () => readGeneration(directory, [name])[0],
    () => 'unreadable',
  );
}

/** What a repair cannot do, it leaves, and a check reports it. */
async function orLeft<T>(work: () => Promise<T>, left: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (hasCode(error, 'FILE_NOT_REGULAR')) return left;
    throw error;
  }
}

function certificatePath(directory: string, { kind }: RecordedPair): string {
  const generation = currentGeneration(directory);
  const folder = generation === undefined ? directory : `${directory}/${generation}`;
  return leafPaths(folder, kind).certificate;
}

/** What killed commands were making. */
async function sweep(layout: Layout, registry: Registry): Promise<readonly string[]> {
  const stray = await strayKeyFiles(layout, registry);
  for (const path of stray) removeFile(path);
  const folders = [...entriesBelow(layout.directory)].filter(({ stats }) => stats.isDirectory());
  for (const { path } of [{ path: layout.directory }, ...folders]) sweepFolder(path);
  return stray.map((path) => `removed ${path}, a key that no CA certificate was made for`);
}
