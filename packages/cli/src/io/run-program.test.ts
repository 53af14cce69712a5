import { expect, test } from '@jest/globals';
import { runProgram } from './run-program.ts';

const env = { PATH: process.env['PATH'] };

test.each([
  ['exit 0', { code: 0 }],
  ['exit 125', { code: 125 }],
  ['kill -TERM $$', { signal: 'SIGTERM' }],
  ['kill -KILL $$', { signal: 'SIGKILL' }],
])('%s ends with %j', async (script, ended) => {
  expect(await runProgram('sh', ['-c', script], env)).toEqual(ended);
});

test('gives the program the environment, and nothing else', async () => {
  const script = 'test "$A" = "b c" && test -z "$HOME"';
  expect(await runProgram('sh', ['-c', script], { ...env, A: 'b c' })).toEqual({ code: 0 });
});

test('says when there is no such program', async () => {
  await expect(runProgram('no-such-program', [], env)).rejects.toMatchObject({
    code: 'PROGRAM_NOT_RUN',
    message: 'there is no program "no-such-program"',
  });
});
