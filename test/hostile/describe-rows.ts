/* oxlint-disable jest/valid-title, jest/no-export, jest/require-top-level-describe -- this file makes tests out of its parameters */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Finished } from '../support/run.ts';
import { attemptAll, type Attempt } from './attempt.ts';
import type { Row } from './row.ts';
import { makeWorkFolders } from './work-folder.ts';

// Tabs and line feeds too: a message is one line.
const CONTROLS_AND_DISGUISES = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
// Base64 of DER begins with MI.
const SECRETS = /BEGIN [A-Z ]*PRIVATE|MI[A-Z][A-Za-z0-9+/]{40}|correct horse/;

/** Milliseconds for all rows together, on a machine that has other work too. */
const SLOW = 900_000;

type Answer = { readonly error: { readonly code: string; readonly message: string; readonly hint: string } };

/** Every row is refused with its code, in words that are fit to be printed, and changes nothing. */
export function describeRows(rows: readonly Row[]): void {
  describe(`${rows.length} hostile inputs are refused and change nothing`, () => {
    let attempts: ReadonlyMap<Row, Attempt | Error> = new Map();
    beforeAll(async () => {
      attempts = await attemptAll(rows, await makeWorkFolders());
    }, SLOW);
    afterAll(() => {
      process.stdout.write(`hostile inputs: ${attempts.size}\n`);
    });

    test.each(rows.map((row) => [row.name, row] as const))('%s', (_, row) => {
      const { json, text, before, after } = attemptOf(row);
      const exitCode = row.code === 'USAGE' ? 2 : 1;
      expect(after).toEqual(before);
      expect({ code: json.code, stderr: json.stderr }).toEqual({ code: exitCode, stderr: '' });
      expect(json.stdout).toMatch(/^[^\n]+\n$/);
      const answer = JSON.parse(json.stdout) as Answer;
      const { message, hint } = answer.error;
      expect(answer).toEqual({
        error: {
          code: row.code,
          message: expect.stringContaining(row.says),
          hint: expect.stringContaining(row.hints ?? ''),
        },
      });
      expect(message + hint).not.toMatch(CONTROLS_AND_DISGUISES);
      expect(message + hint).not.toMatch(SECRETS);
      expect(text && timeless(text)).toEqual(text && timeless(written(answer, exitCode)));
    });

    function attemptOf(row: Row): Attempt {
      const attempt = attempts.get(row);
      if (attempt === undefined) throw new Error('the row was not tried');
      if (attempt instanceof Error) throw attempt;
      return attempt;
    }

    test('every row has a name of its own', () => {
      expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
    });
  });
}

/** What a person sees of it: two lines, and no more. */
function written({ error: { message, hint } }: Answer, code: number): Finished {
  const stderr = `docker-mtls: error: ${message}\nhint: ${hint}\n`;
  return { code, signal: undefined, stdout: '', stderr };
}

/** Between two runs the clock goes on. */
function timeless(finished: Finished): Finished {
  return { ...finished, stderr: finished.stderr.replaceAll(/\d\d:\d\d:\d\dZ/g, 'TIME') };
}
