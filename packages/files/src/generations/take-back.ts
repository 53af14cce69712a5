import { statIfExists } from '../look.ts';
import { CURRENT, currentIn, isGenerationName } from './generation-names.ts';
import { removeGeneration, removeUnpublished, unlinkLink } from './remove-generations.ts';
import { withPlainDirectory } from './stage-generation.ts';

/** A generation that nobody is to use any more. */
export type UnwantedGeneration = {
  readonly directory: string;
  /** Absent where a crash came before, and it is gone. */
  readonly generation: string | undefined;
  readonly names: readonly string[];
};

/**
 * Takes back a generation. Where it is in force, or none is, that is all that was published, and the folder if nothing
 * else is in it; else the one in force stays. Can be done again after a crash at any step. Codes: `FILE_…`.
 */
export function takeBackGeneration({ directory, generation, names }: UnwantedGeneration): void {
  if (statIfExists(directory) === undefined) return;
  withPlainDirectory(directory, (open) => {
    const current = currentIn(open);
    if (current === undefined || current === generation) {
      unlinkLink(open, CURRENT);
      removeUnpublished(open, names);
    } else if (generation !== undefined && isGenerationName(generation)) {
      removeGeneration(open, generation, names);
      open.sync();
    }
  });
}
