import { withLockFile } from '@docker-mtls/ca-directory';
import type { Io } from '../../io/io.ts';
import { LOCK } from './folders.ts';

/** Does the work of a run while no other container is at work in the same folder. */
export function alone<T>({ note }: Pick<Io, 'note'>, work: () => Promise<T>): Promise<T> {
  return withLockFile(LOCK, { onWait: () => note('waiting for another container to finish…') }, work);
}
