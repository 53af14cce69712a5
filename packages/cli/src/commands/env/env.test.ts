import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { asOrdinaryUser } from '../../../../../test/support/as-ordinary-user.ts';
import { NOW } from '../../../testing/fake-io.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';

let ca: TestCa;

beforeAll(async () => {
  ca = await makeTestCa(['issue-client', 'alice'], ['request', 'bob']);
  await ca.run('issue-client', 'bob', '--csr', 'bob.csr');
});

describe('prints', () => {
  test.each([
    [
      'bash',
      "export DOCKER_HOST='tcp://node1:2376'",
      'eval "$(docker-mtls env alice --for node1 --shell bash)"',
    ],
    ['fish', "set -gx DOCKER_HOST 'tcp://node1:2376';", '--shell fish | source'],
    ['powershell', "$Env:DOCKER_HOST = 'tcp://node1:2376'", '| Out-String | Invoke-Expression'],
    ['cmd', 'SET "DOCKER_HOST=tcp://node1:2376"', '@FOR /f'],
  ])('for %s', async (shell, line, usage) => {
    const { stdout, exitCode } = await ca.run('env', 'alice', '--for', 'node1', '--shell', shell);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(line);
    expect(stdout).toContain(usage);
    expect(stdout).toContain(path.join(ca.folder, 'ca/clients/alice'));
  });

  test('for the shell of the terminal', async () => {
    const io = { ...ca.io, env: { ...ca.io.env, SHELL: '/usr/bin/fish' } };
    expect((await main(['env', 'alice', '--for', 'node1'], io)).stdout).toContain('set -gx');
  });

  test('what takes it back, without an engine or a client', async () => {
    const { stdout } = await ca.run('env', 'alice', '--unset', '--shell', 'sh');
    expect(stdout).toContain('unset DOCKER_HOST\nunset DOCKER_TLS_VERIFY\nunset DOCKER_CERT_PATH\n');
    expect(stdout).toContain('eval "$(docker-mtls env alice --shell sh --unset)"');
    const { stdout: nobodys } = await ca.run('env', '--unset', '--shell', 'sh');
    expect(nobodys).toBe(String(stdout).replace('env alice', 'env'));
  });

  test('from the CA directory that is named, also the next time', async () => {
    const words = ['env', 'alice', '--for', 'node1', '--shell', 'sh', '--ca-dir', path.join(ca.folder, 'ca')];
    const { stdout } = await main(words, { ...ca.io, env: {} });
    expect(stdout).toContain(
      `eval "$(docker-mtls env alice --ca-dir ${path.join(ca.folder, 'ca')} --for node1`,
    );
  });

  test('variables with --json', async () => {
    const { stdout } = await ca.run('env', 'alice', '--for', '10.0.0.5:2377', '--json');
    expect(JSON.parse(String(stdout))).toMatchObject({
      set: { DOCKER_HOST: 'tcp://10.0.0.5:2377', DOCKER_TLS_VERIFY: '1' },
    });
  });
});

describe('refuses', () => {
  test.each([
    [['alice'], 2, 'no engine is named'],
    [['--for', 'node1'], 2, 'NAME is missing'],
    [['alice', '--for', 'a b'], 1, 'not an engine'],
    [['carol', '--for', 'node1'], 1, 'no client "carol"'],
    [['../alice', '--for', 'node1'], 1, 'has no ca.pem'],
    [['bob', '--for', 'node1'], 1, 'has no key.pem'],
  ])('%j', async (words, exitCode, says) => {
    const outcome = await ca.run('env', ...words);
    expect(outcome).toMatchObject({ exitCode, stdout: '', stderr: expect.stringContaining(says) });
  });

  test('a client whose certificate is gone', async () => {
    const folder = path.join(ca.folder, 'ca/clients/alice');
    fs.renameSync(path.join(folder, 'cert.pem'), path.join(folder, 'old'));
    const { stderr } = await ca.run('env', 'alice', '--for', 'node1');
    fs.renameSync(path.join(folder, 'old'), path.join(folder, 'cert.pem'));
    expect(stderr).toContain('has no cert.pem\nhint: docker-mtls issue-client alice --force');
  });
});

describe('of a certificate that', () => {
  const DAY = 86_400_000;
  test.each([
    ['has ended', 400, /^warning: .*cert\.pem ended on 2027-01-01 .*: docker-mtls renew alice /],
    ['has not begun', -1, /^warning: .*cert\.pem is valid from 2025-12-31 .*, and it is 2025-12-31 .* here/],
    ['is valid', 364, /^$/],
  ])('%s, env says so, and prints the variables all the same', async (_, days, expected) => {
    const notes: string[] = [];
    const io = {
      ...ca.io,
      now: () => new Date(NOW.getTime() + days * DAY),
      note: (line: string) => void notes.push(line),
    };
    const { exitCode, stdout } = await main(['env', 'alice', '--for', 'node1', '--shell', 'sh'], io);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining('DOCKER_CERT_PATH'),
    });
    expect(notes.join('\n')).toMatch(expected);
  });

  test.each([
    ['is a pipe', (file: string) => void spawnSync('mkfifo', [file])],
    ['is none', (file: string) => fs.writeFileSync(file, 'x')],
  ])('%s, env is not kept waiting, and leaves it to docker', async (_, make) => {
    const copy = path.join(ca.folder, 'copy');
    fs.cpSync(path.join(ca.folder, 'ca/clients/alice'), copy, { recursive: true, dereference: true });
    fs.rmSync(path.join(copy, 'cert.pem'));
    make(path.join(copy, 'cert.pem'));
    expect(await ca.run('env', './copy', '--for', 'node1')).toMatchObject({ exitCode: 0, stderr: '' });
    fs.rmSync(copy, { recursive: true });
  });
});

test('a folder that may not be looked at is not taken for one without the client', async () => {
  const clients = path.join(ca.folder, 'ca/clients');
  fs.chmodSync(clients, 0);
  const refused = await asOrdinaryUser(() => ca.run('env', 'alice', '--for', 'node1', '--json'));
  fs.chmodSync(clients, 0o700);
  expect(refused).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('"code":"FILE_NOT_PERMITTED"'),
  });
});

describe('a client without files here', () => {
  test.each([
    ['was never issued', [], 'NOT_ISSUED', 'issue-client dora issues one'],
    [
      'was revoked',
      [
        ['issue-client', 'dora'],
        ['revoke', 'dora', '--yes'],
      ],
      'PAIR_REVOKED',
      'issues a new one',
    ],
  ] as const)('%s', async (_, commands, code, hint) => {
    const other = await makeTestCa(...commands);
    const { stdout } = await other.run('env', 'dora', '--for', 'node1', '--json');
    expect(JSON.parse(String(stdout))).toMatchObject({
      error: { code, hint: expect.stringContaining(hint) },
    });
  });

  test('has lost them: the command in the hint makes them again', async () => {
    const other = await makeTestCa(['issue-client', 'dora']);
    fs.rmSync(path.join(other.folder, 'ca/clients/dora'), { recursive: true });
    const { stdout } = await other.run('env', 'dora', '--for', 'node1', '--json');
    expect(JSON.parse(String(stdout))).toMatchObject({
      error: { code: 'PAIR_MISSING', hint: expect.stringContaining('docker-mtls issue-client dora --force') },
    });
    expect(await other.run('issue-client', 'dora', '--force')).toMatchObject({ exitCode: 0 });
  });
});
