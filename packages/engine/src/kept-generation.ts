import nodePath from 'node:path';
import {
  cancelGeneration,
  currentGeneration,
  generationIdOf,
  generationsIn,
  publishGeneration,
  readFileIfExists,
  statIfExists,
  switchGeneration,
  takeBackGeneration,
} from '@docker-mtls/files';

/** A file of a folder as it was before a change, and where its bytes are kept. */
export type FileBefore = {
  readonly path: string;
  readonly mode: number | undefined;
  readonly copy: () => Buffer;
  /** Of its folder; `null`: the folder held plain files, or did not exist. */
  readonly generation: string | null;
};

/** The generation in force of a file's folder, or `null`. */
export function generationOf(path: string): string | null {
  return currentGeneration(nodePath.dirname(path)) ?? null;
}

/**
 * Puts the generation in force again that a folder had before a change, and removes the new one with its key. Where the
 * earlier one is gone or was changed, its files are published again. Can be done twice. Codes: `FILE_…`.
 */
export function putGenerationsBack(files: readonly FileBefore[]): void {
  for (const [directory, inFolder] of byFolder(files.filter(({ generation }) => generation !== null)))
    putGenerationBack(directory, inFolder);
}

function putGenerationBack(directory: string, files: readonly FileBefore[]): void {
  const generation = files[0]?.generation ?? '';
  const names = files.map(({ path }) => nodePath.basename(path));
  if (currentGeneration(directory) === generation && files.every(isAsBefore)) return;
  if (statIfExists(nodePath.join(directory, generation)) !== undefined)
    switchGeneration({ directory, id: generationIdOf(generation), names });
  if (!files.every(isAsBefore)) {
    const former = files.flatMap(({ path, mode, copy }) =>
      mode === undefined ? [] : [{ name: nodePath.basename(path), data: copy(), mode }],
    );
    publishGeneration(directory, names, former);
  }
  cancelGeneration({ directory, names });
}

function isAsBefore({ path, mode, copy }: FileBefore): boolean {
  return mode === undefined || readFileIfExists(path)?.equals(copy()) === true;
}

/** Removes the generations of folders that had none before a change. Their plain files are in place again. */
export function dropGenerations(files: readonly FileBefore[]): void {
  for (const [directory, inFolder] of byFolder(files.filter(({ generation }) => generation === null))) {
    const generation = currentGeneration(directory);
    if (generation === undefined && generationsIn(directory).length === 0) continue;
    const names = inFolder.map(({ path }) => nodePath.basename(path));
    takeBackGeneration({ directory, generation, names });
  }
}

function byFolder(files: readonly FileBefore[]): readonly (readonly [string, readonly FileBefore[]])[] {
  const folders = [...new Set(files.map(({ path }) => nodePath.dirname(path)))];
  return folders.map((folder) => [folder, files.filter(({ path }) => nodePath.dirname(path) === folder)]);
}
