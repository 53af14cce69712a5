import nodePath from 'node:path';
import { FileError } from '../file-error.ts';
import { LARGEST_FILE, readFileIfExists } from '../read-file.ts';
import { currentGeneration, isPublishedLink } from './generation-names.ts';

/** Each attempt is lost only to a publication that ends meanwhile, which takes milliseconds. */
const ATTEMPTS = 100;

/** Only files of that user are read. */
type ReadOptions = { readonly owner?: number | undefined };

/**
 * Reads files of a folder as of one moment: all of the generation in force, whatever is published meanwhile. In a
 * folder of plain files, as earlier releases wrote them, each is read by its path. A file that is missing is
 * `undefined`. Codes: `FILE_…`.
 */
export function readGeneration(
  directory: string,
  names: readonly string[],
  { owner }: ReadOptions = {},
): readonly (Buffer | undefined)[] {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const generation = currentGeneration(directory);
    const files = names.map((name) =>
      readFileIfExists(pathOf(directory, generation, name), LARGEST_FILE, owner),
    );
    if (currentGeneration(directory) === generation) return files;
  }
  throw new FileError('FILE_UNUSABLE', `cannot read the files in ${directory}: they change all the time`, {
    hint: 'stop the other docker-mtls commands, then run this one again',
  });
}

function pathOf(directory: string, generation: string | undefined, name: string): string {
  const isLinked = generation !== undefined && isPublishedLink(directory, name);
  return isLinked ? nodePath.join(directory, generation, name) : nodePath.join(directory, name);
}
