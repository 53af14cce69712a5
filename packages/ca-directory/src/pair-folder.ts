import fs from 'node:fs';
import nodePath from 'node:path';
import {
  currentGeneration,
  explained,
  FileError,
  generationName,
  generationPath,
  generationsIn,
  isGenerationStaged,
  PRIVATE_FILE,
  PUBLIC_FILE,
  readFileIfExists,
  readGeneration,
  stageGeneration,
  switchGeneration,
  syncAll,
  withAnchor,
} from '@docker-mtls/files';
import type { LeafKind } from '@docker-mtls/registry';
import { toSupersededName } from './folder-name.ts';
import { kindFolder, LEAF_FILES, leafPaths, stagingFolder, supersededFolder } from './layout.ts';
import type { Layout } from './layout.ts';

/** The contents of a pair's files, as of one moment. */
export type PairFiles = {
  readonly ca: Buffer;
  readonly certificate: Buffer;
  /** Absent where a request was signed: the key was never here. */
  readonly key?: Buffer;
};

/** A certificate on record, and the folder that it is published in. */
export type RecordedPair = {
  readonly kind: LeafKind;
  readonly serial: string;
  readonly folder: string;
  readonly certificatePem: string;
};

export function pairDirectory(
  layout: Layout,
  { kind, folder }: Pick<RecordedPair, 'kind' | 'folder'>,
): string {
  return nodePath.join(kindFolder(layout, kind), folder);
}

/** All files of a pair; where there are no links, they are replaced in this order. */
export function pairFileNames(kind: LeafKind): readonly string[] {
  const { key, ca, certificate } = LEAF_FILES[kind];
  return [key, ca, certificate];
}

/** Reads a published pair: all files are of one generation. Codes: `FILE_…`. */
export function readPairFiles(layout: Layout, directory: string, kind: LeafKind): PairFiles {
  const [key, ca, certificate] = readGeneration(directory, pairFileNames(kind), layout);
  const paths = leafPaths(directory, kind);
  return {
    ca: ca ?? missing(paths.ca),
    certificate: certificate ?? missing(paths.certificate),
    ...(key !== undefined && { key }),
  };
}

function missing(path: string): never {
  throw new FileError('FILE_NOT_FOUND', `cannot read ${path}: no such file or directory`, {
    hint: 'issue the pair again with --force, or restore the file from a backup',
  });
}

/** Is this certificate the one that is published under its name? */
export function isPublished(layout: Layout, { kind, serial, folder, certificatePem }: RecordedPair): boolean {
  const directory = pairDirectory(layout, { kind, folder });
  const names = LEAF_FILES[kind];
  if (!fs.existsSync(nodePath.join(directory, names.ca))) return false;
  if (currentGeneration(directory) === generationName(serial))
    return fs.existsSync(nodePath.join(directory, names.certificate));
  const [certificate] = readGeneration(directory, [names.certificate]);
  return certificate?.toString('utf8') === certificatePem;
}

/** Has a command begun to publish this pair, and been killed? */
export function isStaged(layout: Layout, pair: RecordedPair): boolean {
  const { kind, serial } = pair;
  const isPending = isGenerationStaged(pairDirectory(layout, pair), serial);
  return isPending || fs.existsSync(nodePath.join(stagingFolder(layout, kind), serial));
}

/** Where the files are of a certificate that another one has replaced, as long as they are kept. */
export function keptDirectory(layout: Layout, pair: RecordedPair): string | undefined {
  const directory = pairDirectory(layout, pair);
  const generation = findGeneration(directory, pair);
  if (generation !== undefined) return nodePath.join(directory, generation);
  const { kind, folder, serial } = pair;
  const superseded = nodePath.join(supersededFolder(layout, kind), toSupersededName(folder, serial));
  return fs.existsSync(superseded) ? superseded : undefined;
}

/** The files of a certificate, in force or not, as long as they are kept. */
export function readKeptFiles(layout: Layout, pair: RecordedPair): PairFiles | undefined {
  const directory = pairDirectory(layout, pair);
  const kept = keptDirectory(layout, pair) ?? (isPublished(layout, pair) ? directory : undefined);
  if (kept === undefined) return undefined;
  const [key, ca, certificate] = readGeneration(kept, pairFileNames(pair.kind), layout);
  if (ca === undefined || certificate === undefined) return undefined;
  return { ca, certificate, ...(key !== undefined && !isKeyRemoved(directory, kept, pair.kind) && { key }) };
}

/** Somebody has removed the key from where everybody looks for it: it is not handed on. */
function isKeyRemoved(directory: string, kept: string, kind: LeafKind): boolean {
  const isInForce = kept === nodePath.join(directory, currentGeneration(directory) ?? '');
  return isInForce && !fs.existsSync(leafPaths(directory, kind).key);
}

/**
 * Sees to it that the files of a certificate in force are published, from wherever a command that was killed has left
 * them. Was there anything to do? Where there are no files, there is not.
 */
export function ensurePublished(layout: Layout, pair: RecordedPair, ca: string): boolean {
  const directory = pairDirectory(layout, pair);
  const isReady = isPublished(layout, pair);
  const former = currentGeneration(directory);
  const generation = findGeneration(directory, pair);
  const id =
    generation?.slice('.gen-'.length) ?? (isReady ? undefined : copyFromEarlierRelease(layout, pair));
  // Files of another generation are another pair's.
  if (id === undefined) return former === undefined && completePair(directory, pair, ca);
  completePair(generationPath(directory, id), pair, ca);
  publishStaged(layout, [{ ...pair, id }]);
  return !isReady || former !== generation;
}

/** Writes certificates of staged pairs of one kind, and puts them in force. */
export function publishStaged(
  layout: Layout,
  pairs: readonly (RecordedPair & { readonly id?: string })[],
): void {
  const [first] = pairs;
  if (first === undefined) return;
  const certificates = pairs.map(({ id, ...pair }) => {
    const folder = generationPath(pairDirectory(layout, pair), id ?? pair.serial);
    const path = leafPaths(folder, pair.kind).certificate;
    overwrite(path, pair.certificatePem);
    return path;
  });
  const folder = kindFolder(layout, first.kind);
  const directories = pairs.map((pair) => pairDirectory(layout, pair));
  withAnchor(folder, () => {
    // A published certificate is complete, even if the power fails.
    syncAll(folder, { files: certificates, folders: [] });
    pairs.forEach(({ kind, id, serial }, index) =>
      switchGeneration({ directory: directories[index] ?? '', id: id ?? serial, names: pairFileNames(kind) }),
    );
    syncAll(folder, { files: [], folders: directories });
  });
}

/** The generation of a certificate: it is named by its serial, or was made of the plain files of an earlier release. */
export function findGeneration(
  directory: string,
  { kind, serial, certificatePem }: RecordedPair,
): string | undefined {
  const generations = generationsIn(directory);
  const own = generationName(serial);
  if (generations.includes(own)) return own;
  return generations.find((name) => {
    const { certificate } = leafPaths(nodePath.join(directory, name), kind);
    return readFileIfExists(certificate)?.toString('utf8') === certificatePem;
  });
}

/** Earlier releases staged pairs in `.staged`, and kept those that were replaced in `.superseded`. */
function copyFromEarlierRelease(layout: Layout, pair: RecordedPair): string | undefined {
  const { kind, serial, folder } = pair;
  const places = [
    nodePath.join(stagingFolder(layout, kind), serial),
    nodePath.join(supersededFolder(layout, kind), toSupersededName(folder, serial)),
  ];
  const from = places.find((path) => fs.existsSync(path));
  if (from === undefined) return undefined;
  const paths = leafPaths(from, kind);
  const [key, ca] = [readFileIfExists(paths.key), readFileIfExists(paths.ca)];
  const directory = pairDirectory(layout, pair);
  explained('make the folder', directory, () => fs.mkdirSync(directory, { recursive: true, mode: 0o700 }));
  const names = LEAF_FILES[kind];
  const staged = stageGeneration({
    directory,
    id: serial,
    names: pairFileNames(kind),
    files: [
      ...(key === undefined ? [] : [{ name: names.key, data: key, mode: PRIVATE_FILE }]),
      ...(ca === undefined ? [] : [{ name: names.ca, data: ca, mode: PUBLIC_FILE }]),
      { name: names.certificate, data: pair.certificatePem, mode: PUBLIC_FILE },
    ],
  });
  syncAll(kindFolder(layout, kind), staged);
  return serial;
}

/** Writes what can be had from the registry and is missing: the certificate and `ca.pem`. A folder that is gone stays so. */
function completePair(folder: string, { kind, certificatePem }: RecordedPair, ca: string): boolean {
  if (!fs.existsSync(folder)) return false;
  const paths = leafPaths(folder, kind);
  const wanted = [
    { path: paths.certificate, text: certificatePem },
    { path: paths.ca, text: ca },
  ].filter(({ path }) => !fs.existsSync(path));
  for (const { path, text } of wanted) overwrite(path, text);
  syncAll(folder, { files: wanted.map(({ path }) => path), folders: [folder] });
  return wanted.length > 0;
}

/** Into the space that was reserved for it before the commit. */
function overwrite(path: string, text: string): void {
  explained('write', path, () => {
    const file = fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_CREAT, PUBLIC_FILE);
    try {
      fs.writeFileSync(file, text);
      fs.ftruncateSync(file, Buffer.byteLength(text));
    } finally {
      fs.closeSync(file);
    }
  });
}
