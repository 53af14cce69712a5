import { orRefusedLater } from '@docker-mtls/errors';

/** A copy of a pair that was just renewed, outside of the CA directory. */
export type Dependent = {
  readonly kind: 'context' | 'bundle' | 'ci';
  /** The context's name, or the path of the file or folder. */
  readonly place: string;
  readonly client: string;
  /** Does it hold the new certificate now? */
  readonly refreshed: boolean;
  /** What brings it up to date, or what is left to do with it. */
  readonly next?: string | undefined;
};

/** Refreshes a copy; one that cannot be is left as it is, and listed with what its owner can do. */
export async function refreshedOrNot(
  dependent: Omit<Dependent, 'refreshed'>,
  refresh: () => Promise<void>,
): Promise<Dependent> {
  return orRefusedLater(
    async () => {
      await refresh();
      return { ...dependent, refreshed: true };
    },
    () => ({ ...dependent, refreshed: false }),
  );
}
