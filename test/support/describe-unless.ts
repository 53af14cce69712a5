/* oxlint-disable jest/valid-title, jest/valid-describe-callback, jest/no-disabled-tests, jest/expect-expect --
   this file makes tests out of its parameters */
import { describe, test } from '@jest/globals';

/**
 * Describes behaviour that needs something of the machine. `obstacle` says what is missing: then the tests are skipped
 * under a name that tells it, or fail on a build machine (`CI=true`), where nothing may be missing.
 */
export function describeUnless(obstacle: string | undefined, name: string, tests: () => void): void {
  if (obstacle === undefined) {
    describe(name, tests);
    return;
  }
  const title = `${name} [cannot run here: ${obstacle}]`;
  if (process.env['CI'] !== 'true') {
    describe.skip(title, tests);
    return;
  }
  test(title, () => {
    throw new Error(obstacle);
  });
}

/** What `scripts/test` reads in a name: even a build machine need not have this. */
const BEYOND_DEBIAN = 'not in Debian';

/** The same for programs that Debian does not package: where one is missing, the tests are skipped everywhere. */
export function describeWhereFound(obstacle: string | undefined, name: string, tests: () => void): void {
  if (obstacle === undefined) {
    describe(name, tests);
    return;
  }
  describe.skip(`${name} [${BEYOND_DEBIAN}: ${obstacle}]`, tests);
}
