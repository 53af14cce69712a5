import fs from 'node:fs';
import { expect, test } from '@jest/globals';
import { onCleanup } from '../../../test/support/cleanup.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { searchPath } from '../../../test/support/run.ts';
import { runProgram } from './run-program.ts';
import type { RunOptions } from './run-program.ts';

const SURROUNDINGS = { env: { PATH: searchPath(), NOTHING: undefined }, timeoutMs: 90_000 };

function sh(script: string, options: RunOptions = {}): ReturnType<typeof runProgram> {
  return runProgram('sh', ['-c', script], { ...SURROUNDINGS, ...options });
}

test('hands over input, output and exit code', async () => {
  expect(await sh('cat; echo oops >&2; exit 7', { input: 'typed' })).toEqual({
    code: 7,
    stdout: 'typed',
    stderr: 'oops',
  });
});

test('gives only the environment that it is told', async () => {
  expect((await sh('echo "$HOME|${NOTHING-unset}"')).stdout).toBe('|unset');
});

function readFor(seconds: number): string {
  return `head -c 1; timeout ${seconds} cat; echo " $?"`;
}

test('keeps the input open where the end of it would be misunderstood', async () => {
  expect((await sh(readFor(0.5), { input: 'x', keepOpen: true })).stdout).toBe('x 124');
  expect((await sh(readFor(60), { input: 'x' })).stdout).toBe('x 0');
});

test('gives it a session of its own, without a terminal to ask on', async () => {
  expect((await sh('[ "$(cut -d " " -f 6 /proc/$$/stat)" = $$ ] && echo alone')).stdout).toBe('alone');
});

test('knows when there is no such program', async () => {
  expect(await runProgram('no-such-program', [], SURROUNDINGS)).toEqual({
    code: undefined,
    stdout: '',
    stderr: '',
    trouble: { kind: 'missing', text: 'it was not found' },
  });
});

test('is not fooled by a program that does not read', async () => {
  expect(await sh('exit 3', { input: 'x'.repeat(1_000_000) })).toMatchObject({ code: 3 });
});

test('waits no longer than told, not even for what holds the output in the background', async () => {
  // As long as a loaded machine needs to come to the second sleep.
  for (const timeoutMs of [500, 5_000, 50_000]) {
    const ran = await sh('setsid sleep 60 & echo $!; echo here >&2; sleep 600', { timeoutMs });
    endAfterwards(ran.stdout);
    if (timeoutMs < 50_000 && ran.stderr === '') continue;
    expect(ran).toEqual({
      code: undefined,
      stdout: expect.stringMatching(/^[1-9]\d*$/),
      stderr: 'here',
      trouble: { kind: 'late', text: `no answer within ${timeoutMs / 1000} s` },
    });
    return;
  }
});

test('takes the exit code of a program that leaves in the background what holds the output', async () => {
  const ran = await sh('sleep 600 & echo $!');
  endAfterwards(ran.stdout);
  expect(ran).toEqual({ code: 0, stdout: expect.stringMatching(/^[1-9]\d*$/), stderr: '' });
  expect(isAlive(Number(ran.stdout))).toBe(true);
});

test('keeps no more output than its bound', async () => {
  expect(await sh('yes')).toMatchObject({ code: undefined, trouble: { kind: 'stopped' } });
});

test('knows a program that a signal ended', async () => {
  expect(await sh('kill -9 $$')).toMatchObject({
    code: undefined,
    trouble: { kind: 'stopped', text: 'ended by SIGKILL' },
  });
});

test('starts in the folder that it is told', async () => {
  expect((await sh('pwd', { cwd: '/' })).stdout).toBe('/');
});

test('ends what a program that is late has started, too', async () => {
  // As long as a loaded machine needs to come to the second sleep.
  for (const timeoutMs of [500, 5_000, 50_000]) {
    const { stdout, trouble } = await sh('sleep 600 & echo $!; sleep 600', { timeoutMs });
    if (timeoutMs < 50_000 && stdout === '') continue;
    expect(trouble).toMatchObject({ kind: 'late' });
    await eventually(() => expect(isAlive(Number(stdout))).toBe(false));
    return;
  }
});

/** Ends what was left in the background. No output would be number 0: that of the tests' own process group. */
function endAfterwards(printed: string): void {
  const pid = Number(printed);
  if (pid > 1) onCleanup(() => void process.kill(pid, 'SIGKILL'));
}

/** One that has ended and that nobody has waited for does nothing any more. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
