import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { describeNeeding } from '../../../../../test/support/describe-needing.ts';
import { ownSsh } from '../../../../../test/support/own-ssh.ts';
import { searchPath } from '../../../../../test/support/run.ts';
import { startSshd, type Sshd } from '../../../../ssh/testing/sshd.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';

type Answer = Record<string, unknown> & { readonly exitCode: number };

async function answer(ca: TestCa, ...argv: readonly string[]): Promise<Answer> {
  const { stdout, exitCode } = await ca.run(...argv, '--json');
  return { ...(JSON.parse(String(stdout)) as Record<string, unknown>), exitCode };
}

test('a list goes to several files, and what is no list stays', async () => {
  const ca = await makeTestCa();
  const at = (name: string): string => path.join(ca.folder, name);
  fs.writeFileSync(at('notes'), 'mine');
  fs.mkdirSync(at('proxy'));
  const pushed = await answer(
    ca,
    'crl',
    '--push',
    'notes',
    '--push',
    'proxy/crl.pem',
    '--push',
    'no/such/folder',
  );
  expect(pushed).toMatchObject({
    exitCode: 1,
    number: '2',
    pushed: [
      { to: at('notes'), problem: expect.stringContaining('not a revocation list') },
      { to: at('proxy/crl.pem') },
      { to: at('no/such/folder'), problem: expect.any(String) },
    ],
  });
  expect(fs.readFileSync(at('notes'), 'utf8')).toBe('mine');
  expect(fs.readFileSync(at('proxy/crl.pem'))).toEqual(fs.readFileSync(at('ca/crl.pem')));
  expect(await answer(ca, 'crl', '--push', 'proxy/crl.pem')).toMatchObject({ exitCode: 0, number: '3' });
  expect(fs.readdirSync(at('proxy'))).toEqual(['crl.pem']);
});

describeNeeding(['ssh', 'sshd'], 'over SSH, with a real sshd', () => {
  let sshd: Sshd;
  let ca: TestCa;

  beforeAll(async () => {
    sshd = await startSshd();
    ca = await makeTestCa();
    const port = sshd.ports.plain;
    fs.writeFileSync(path.join(sshd.folder, 'known_hosts'), sshd.knownHost(port));
    fs.writeFileSync(
      path.join(sshd.folder, 'config'),
      [
        `IdentityFile ${path.join(sshd.folder, 'id')}`,
        `UserKnownHostsFile ${path.join(sshd.folder, 'known_hosts')}`,
        'GlobalKnownHostsFile /dev/null',
        '',
      ].join('\n'),
    );
    Object.assign(ca.io.env, { PATH: searchPath([ownSsh(sshd.folder)]), HOME: sshd.folder });
  });

  const there = (file: string): string =>
    `ssh://127.0.0.1:${sshd.ports.plain}${path.join(sshd.folder, file)}`;

  test('the file is there, complete, and nothing else is left', async () => {
    fs.mkdirSync(path.join(sshd.folder, 'proxy'));
    expect(await answer(ca, 'crl', '--push', there('proxy/crl.pem'))).toMatchObject({
      exitCode: 0,
      pushed: [{ to: there('proxy/crl.pem') }],
    });
    const file = path.join(sshd.folder, 'proxy/crl.pem');
    expect(fs.readFileSync(file)).toEqual(fs.readFileSync(path.join(ca.folder, 'ca/crl.pem')));
    expect(fs.statSync(file).mode & 0o777).toBe(0o644);
    expect(fs.readdirSync(path.dirname(file))).toEqual(['crl.pem']);
  });

  test('another file there stays, and so does one in a folder that is missing', async () => {
    fs.writeFileSync(path.join(sshd.folder, 'other-file'), 'mine');
    expect(
      await answer(ca, 'crl', '--push', there('other-file'), '--push', there('none/crl.pem')),
    ).toMatchObject({
      exitCode: 1,
      pushed: [{ problem: expect.stringContaining('is another file') }, { problem: expect.any(String) }],
    });
    expect(fs.readFileSync(path.join(sshd.folder, 'other-file'), 'utf8')).toBe('mine');
  });

  test('a host that cannot be reached is named, and the list here is made', async () => {
    expect(await answer(ca, 'crl', '--push', 'ssh://127.0.0.1:1/srv/crl.pem')).toMatchObject({
      exitCode: 1,
      number: expect.any(String),
      pushed: [{ to: 'ssh://127.0.0.1:1/srv/crl.pem', problem: expect.stringMatching(/refused|listens/u) }],
    });
  });
});
