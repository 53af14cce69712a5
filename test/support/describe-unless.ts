/* oxlint-disable jest/valid-title, jest/valid-describe-callback, jest/no-disabled-tests, jest/expect-expect --
   this file makes tests out of its parameters */
import { describe, test } from '@jest/globals';
import { withPath } from './describe-needing.ts';
import { hostPath } from './engine-install.ts';

/**
 * Describes behaviour that needs something which `describeNeeding` cannot name, such as a registry that is reached.
 * Every program of this machine can be started. `obstacle` says what is missing: then the tests are skipped
 * under a name that tells it, or fail on a build machine (`CI=true`), where nothing may be missing.
 */
export function describeUnless(obstacle: string | undefined, name: string, tests: () => void): void {
  if (obstacle === undefined) {
    describe(name, () => withPath(hostPath().split(':'), tests));
    return;
  }
  const title = `${name} [needs: ${obstacle}]`;
  if (process.env['CI'] !== 'true') {
    describe.skip(title, tests);
    return;
  }
  test(title, () => {
    throw new Error(obstacle);
  });
}
