import { describeUnless } from '../support/describe-unless.ts';
import { describeRows } from './describe-rows.ts';
import { CONTAINER_ROWS } from './rows/containers.ts';

describeUnless(mountObstacle(), 'what the image is given', () => describeRows(CONTAINER_ROWS));

/** Mounts want what an engine wants: root, and name spaces. */
function mountObstacle(): string | undefined {
  return process.getuid?.() === 0 ? undefined : 'not root';
}
