import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import type { Ended, Io } from '../../io/io.ts';
import { main } from '../../main.ts';
import type { ProcessOutcome } from '../../outcome.ts';

type Call = Parameters<Io['runProgram']>;

let ca: TestCa;

beforeAll(async () => {
  ca = await makeTestCa(['issue-client', 'alice']);
});

async function exec(
  argv: readonly string[],
  ended: Ended = { code: 0 },
): Promise<{ readonly outcome: ProcessOutcome; readonly calls: readonly Call[] }> {
  const calls: Call[] = [];
  const runProgram = (...call: Call): Promise<Ended> => {
    calls.push(call);
    return Promise.resolve(ended);
  };
  const env = { ...ca.io.env, DOCKER_CONTEXT: 'prod', TERM: 'dumb' };
  return { outcome: await main(['exec', ...argv], { ...ca.io, env, runProgram }), calls };
}

test('runs the program with the identity in its environment, and no context', async () => {
  const { calls } = await exec(['alice', '--for', 'node1', '--', 'docker', 'run', '--rm', '', '--json']);
  expect(calls).toEqual([
    [
      'docker',
      ['run', '--rm', '', '--json'],
      {
        ...ca.io.env,
        TERM: 'dumb',
        DOCKER_HOST: 'tcp://node1:2376',
        DOCKER_TLS_VERIFY: '1',
        DOCKER_CERT_PATH: path.join(ca.folder, 'ca/clients/alice'),
      },
    ],
  ]);
});

test.each<[Ended, Partial<ProcessOutcome>]>([
  [{ code: 0 }, { exitCode: 0 }],
  [{ code: 125 }, { exitCode: 125 }],
  [{ signal: 'SIGTERM' }, { exitCode: 143, signal: 'SIGTERM' }],
])('ends as the program does, %j, and prints nothing', async (ended, outcome) => {
  const run = await exec(['alice', '--for', 'node1', '--', 'docker', '--json'], ended);
  expect(run.outcome).toEqual({ stdout: '', stderr: '', ...outcome });
});

describe('runs nothing', () => {
  test.each([
    [['alice', '--for', 'node1'], 2, 'COMMAND is missing'],
    [['alice', '--for', 'node1', '--'], 2, 'COMMAND is missing'],
    [['alice', '--for', 'node1', '--', ''], 2, 'COMMAND is missing'],
    [['alice', 'docker', 'ps', '--for', 'node1'], 2, 'one word too many: "docker"'],
    [['alice', '--', 'docker', 'ps'], 2, 'no engine is named'],
    [['carol', '--for', 'node1', '--', 'docker', 'ps'], 1, 'no client "carol"'],
    [['alice', '--for', 'node1', '--frob', '--', 'docker'], 2, 'no option --frob'],
  ])('for %j', async (argv, exitCode, says) => {
    const { outcome, calls } = await exec(argv);
    expect(outcome).toMatchObject({ exitCode, stderr: expect.stringContaining(says) });
    expect(calls).toEqual([]);
  });
});
