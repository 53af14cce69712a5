import { expect } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { TRACING } from '../support/needs.ts';
import type { Finished } from '../support/run.ts';
import { IS_SWEEP } from './kill-everywhere.ts';

/** Every kill costs several runs of the program. */
export const KILLS_TIMEOUT = IS_SWEEP ? 3_600_000 : 300_000;

/** Describes what holds wherever a command is killed. */
export function describeKills(command: string, tests: () => void): void {
  describeNeeding(TRACING, `${command}, killed at any call that changes the disk`, tests);
}

/** Done now, or refused with that code because it had been done before the kill. */
export function expectDoneOr(code: string, { stdout, stderr, ...repeat }: Finished): void {
  const answer = JSON.parse(stdout) as { readonly error?: { readonly code: string } };
  expect({ outcome: answer.error?.code ?? 'done', stderr, code: repeat.code }).toEqual({
    outcome: expect.stringMatching(new RegExp(`^(?:done|${code})$`, 'u')),
    stderr: expect.not.stringMatching(/bug/u),
    code: answer.error === undefined ? 0 : 1,
  });
}
