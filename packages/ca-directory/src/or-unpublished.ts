import { StoreError } from './error.ts';

/** Does what follows a commit. `what`, such as `the revocation list is`, is on record whatever happens. `CA_DIRECTORY_UNPUBLISHED`. */
export async function orUnpublished(what: string, work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StoreError(
      'CA_DIRECTORY_UNPUBLISHED',
      `${what} recorded, but its files are not in place yet: ${why}`,
      {
        hint: 'fix the cause; the next command that changes this CA puts the files in place',
        cause: error,
      },
    );
  }
}
