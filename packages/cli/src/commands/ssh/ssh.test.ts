import fs from 'node:fs';
import path from 'node:path';
import { createContext } from '@docker-mtls/context';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../../test/support/temp.ts';
import { fakeIo } from '../../../testing/fake-io.ts';
import { main } from '../../main.ts';
import type { ProcessOutcome } from '../../outcome.ts';

let docker: string;

beforeEach(() => {
  docker = path.join(temporaryFolder(), 'docker');
});

// Where there is no ssh, all but the answer of a host can be seen; those are in test/host/ssh.test.ts.
function check(...words: readonly string[]): Promise<ProcessOutcome> {
  const io = fakeIo({ env: { DOCKER_CONFIG: docker, PATH: '/nowhere' } });
  return main(['ssh', 'check', ...words], io);
}

describe('an answer of no', () => {
  test('is exit code 3, with the reason and a remedy', async () => {
    expect(await check('alice@node1')).toEqual({
      stdout:
        'ssh://alice@node1: error: there is no ssh command here, and docker runs it\n' +
        "  hint: install OpenSSH's client (openssh-client)\n",
      stderr: '',
      exitCode: 3,
    });
  });

  test('is an answer to programs, with a word for the reason', async () => {
    const { stdout, exitCode } = await check('node1:2222', '--json');
    expect({ exitCode, ...JSON.parse(String(stdout)) }).toEqual({
      exitCode: 3,
      host: 'ssh://node1:2222',
      works: false,
      problems: [
        expect.objectContaining({
          problem: 'ssh-missing',
          finding: 'DM401',
          severity: 'error',
          hint: expect.any(String),
        }),
      ],
    });
  });

  test('makes no context', async () => {
    expect(await check('node1', '--context', 'node1')).toMatchObject({ exitCode: 3 });
    expect(fs.existsSync(docker)).toBe(false);
  });
});

describe('refuses at once', () => {
  test.each([
    [[], 2, 'HOST is missing'],
    [['-oProxyCommand=id'], 2, 'no option -o'],
    [['node1', 'node2'], 2, 'one word too many'],
    [['a b'], 1, 'no host has such a name'],
    [['node1', '--context', 'default'], 1, 'default'],
    [['node1', '--context', '../x'], 1, '../x'],
  ])('%j', async (words, exitCode, says) => {
    expect(await check(...words)).toMatchObject({ exitCode, stderr: expect.stringContaining(says) });
  });

  test('a context that is of another engine, and stays', async () => {
    createContext(docker, { name: 'node1', host: 'ssh://root@node1' });
    expect(await check('alice@node1', '--context', 'node1')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/is for ssh:\/\/root@node1\nhint: .*context remove/),
    });
  });
});
