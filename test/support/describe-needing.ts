/* oxlint-disable jest/valid-title, jest/valid-describe-callback, jest/no-disabled-tests, jest/expect-expect,
   jest/require-top-level-describe -- this file makes tests out of its parameters */
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { which } from './engine-install.ts';
import { missing, NEEDS, NOT_IN_DEBIAN, type Need } from './needs.ts';
import { linkPrograms } from './run-folder.js';

/**
 * Describes behaviour that not every machine can show. Where something is missing, the tests are skipped under a name
 * that says what, or fail on a build machine (`CI=true`), which must have all that Debian packages. In the block the
 * PATH holds the programs of what it declares, outside of it those that every Debian has: a test that starts another
 * one fails.
 */
export function describeNeeding(needs: readonly Need[], name: string, tests: () => void): void {
  const lacking = missing(needs);
  if (lacking === undefined) describe(name, () => withPrograms(needs, tests));
  else if (process.env['CI'] === 'true' && !lacking.endsWith(`(${NOT_IN_DEBIAN})`))
    test(name, () => {
      throw new Error(`this build machine lacks ${lacking}`);
    });
  else describe.skip(`${name} [needs: ${lacking}]`, tests);
}

function withPrograms(needs: readonly Need[], tests: () => void): void {
  withPath(needs.filter((need) => NEEDS[need].programs.length > 0).map(folderOf), tests);
}

/** The folder of the PATH with the programs of a requirement. It exists once for each run. */
function folderOf(need: Need): string {
  const found = NEEDS[need].programs.map((name) => [name, which(name) ?? ''] as const);
  return linkPrograms(path.join(os.tmpdir(), 'programs', need.replaceAll(/\W/g, '-')), new Map(found));
}

/** Has the tests of a block find programs in these folders first. */
export function withPath(folders: readonly string[], tests: () => void): void {
  let outer: string | undefined;
  beforeAll(() => {
    outer = process.env['PATH'];
    setPath([...folders, outer].join(':'));
  });
  afterAll(() => setPath(outer ?? ''));
  tests();
}

/** A program that is started without an environment gets that of the worker, of which a test has but a copy. */
function setPath(value: string): void {
  process.env['PATH'] = value;
  setWorkerPath(value);
}

/** See `environment.js`. */
declare const setWorkerPath: (value: string) => void;
