import { explained } from '../file-error.ts';
import type { FolderFile } from '../place-folder.ts';
import { syncAll } from '../sync-all.ts';
import { newGenerationId } from './generation-names.ts';
import { cancelIn, stageIn, withPlainDirectory } from './stage-generation.ts';
import { switchIn } from './switch-generation.ts';

/**
 * Writes files that belong together to a folder that exists, as one change: any reader, at any moment and after any
 * crash, finds all of the old or all of the new ones by their paths. `names` are all that can be there, in the order in
 * which they are replaced where the file system has no links. Up to the last step a failure changes nothing.
 * Codes: `FILE_…`.
 */
export function publishGeneration(
  directory: string,
  names: readonly string[],
  files: readonly FolderFile[],
): void {
  const generation = { id: newGenerationId(), names, files };
  withPlainDirectory(directory, (held) => {
    try {
      syncAll(directory, stageIn(held, generation));
    } catch (error) {
      cancelIn(held, names);
      throw error;
    }
    switchIn(held, generation);
    explained('sync', directory, held.sync);
  });
}
