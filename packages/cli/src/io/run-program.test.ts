import { expect, test } from '@jest/globals';
import { becomeProgram } from './run-program.ts';

const env = { PATH: process.env['PATH'] };

test.each([
  ['exit 0', { code: 0 }],
  ['exit 125', { code: 125 }],
  ['kill -TERM $$', { signal: 'SIGTERM' }],
  ['kill -KILL $$', { signal: 'SIGKILL' }],
])('%s ends with %j', async (script, ended) => {
  expect(await becomeProgram('sh', ['-c', script], env)).toEqual(ended);
});

test('gives the program the environment, and nothing else', async () => {
  const script = 'test "$A" = "b c" && test -z "$HOME"';
  expect(await becomeProgram('sh', ['-c', script], { ...env, A: 'b c' })).toEqual({ code: 0 });
});

test.each([
  ['no-such-program', 'there is no program "no-such-program"'],
  ['/etc/passwd/program', 'there is no program "/etc/passwd/program"'],
  ['/etc', '"/etc" may not be run'],
  ['x'.repeat(5000), `"${'x'.repeat(80)}" cannot be run: ENAMETOOLONG`],
])('%p is not run: %s', async (program, message) => {
  await expect(becomeProgram(program, [], env)).rejects.toMatchObject({ code: 'PROGRAM_NOT_RUN', message });
});

test('says that there are too many words', async () => {
  await expect(becomeProgram('true', ['x'.repeat(1_000_000)], env)).rejects.toMatchObject({
    code: 'PROGRAM_NOT_RUN',
    message: '"true" was given too many words',
  });
});

test('does not catch signals any more when nothing was run', async () => {
  await expect(becomeProgram('/etc/passwd/program', [], env)).rejects.toThrow('no program');
  expect(process.listenerCount('SIGHUP')).toBe(0);
});
