import fs from 'node:fs';
import nodePath from 'node:path';
import { explained } from './file-error.ts';

/** Put in by the bundler of the single executable: the files that the program brings along, by their path. */
declare const DOCKER_MTLS_DATA: Readonly<Record<string, string>> | undefined;

const INLINED = typeof DOCKER_MTLS_DATA === 'object' ? DOCKER_MTLS_DATA : undefined;

/**
 * A folder of files that the program brings along: the first of these places that exists. In the single executable the
 * files are part of the code, under the folder's name, and no place is looked at.
 */
export function programDataFolder(name: string, places: () => readonly string[]): string {
  if (INLINED !== undefined) return name;
  const found = places();
  return found.find((place) => fs.existsSync(place)) ?? found.at(-1) ?? name;
}

/** A file below such a folder. It is the program's, and may belong to anyone. */
export function readProgramData(folder: string, ...names: readonly string[]): Buffer {
  const path = nodePath.join(folder, ...names);
  if (INLINED === undefined) return explained('read', path, () => fs.readFileSync(path));
  const text = INLINED[path];
  if (text === undefined) throw new Error(`the executable lacks ${path}`);
  return Buffer.from(text);
}
