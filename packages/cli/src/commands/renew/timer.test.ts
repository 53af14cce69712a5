import fs from 'node:fs';
import path from 'node:path';
import { accountOf } from '@docker-mtls/engine/timer';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../../../../../test/support/describe-needing.ts';
import { NOW } from '../../../testing/fake-io.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';

const DAY = 86_400_000;
let ca: TestCa;

beforeEach(async () => {
  ca = await makeTestCa(
    ['issue-server', 'node1', '--days', '90'],
    ...['alice', 'bob', 'carol'].map((name) => ['issue-client', name, '--days', '90']),
  );
  Object.assign(ca.io.env, { DOCKER_CONFIG: path.join(ca.folder, '.docker') });
});

async function after(days: number, ...argv: readonly string[]): Promise<Record<string, unknown>> {
  const later = { ...ca.io, now: () => new Date(NOW.getTime() + days * DAY) };
  const { stdout, stderr, exitCode } = await main(argv, later);
  const json = argv.includes('--json') ? (JSON.parse(String(stdout)) as Record<string, unknown>) : {};
  return { ...json, stdout, stderr, exitCode };
}

describe('what the timer runs', () => {
  test('says nothing and ends well where nothing is due', async () => {
    expect(await after(10, 'renew', '--timer')).toEqual({ stdout: '', stderr: '', exitCode: 0 });
  });

  test('renews servers, and clients in use on this machine, and nobody else', async () => {
    await after(0, 'context', 'create', 'tls', '--client', 'alice', '--for', 'node1');
    for (const name of ['cert.pem', 'ca.pem'])
      fs.copyFileSync(path.join(ca.folder, 'ca/clients/carol', name), path.join(ca.folder, '.docker', name));
    expect(await after(70, 'renew', '--timer', '--json')).toMatchObject({
      exitCode: 0,
      renewed: [{ name: 'node1' }, { name: 'alice' }, { name: 'carol' }],
      dependents: [{ place: 'tls', refreshed: true }],
    });
    expect((await ca.current('client', 'bob')).notAfter.getTime()).toBeLessThan(NOW.getTime() + 91 * DAY);
  });

  test('makes the next revocation list in the last half of the life of the one before', async () => {
    await after(0, 'crl', '--days', '30');
    expect(await after(14, 'renew', '--timer', '--json')).not.toHaveProperty('crl');
    expect(await after(15, 'renew', '--timer', '--json')).toMatchObject({
      exitCode: 0,
      crl: { nextUpdate: new Date(NOW.getTime() + 45 * DAY).toISOString() },
    });
    expect(await after(16, 'renew', '--timer')).toMatchObject({ stdout: '', exitCode: 0 });
  });

  test('fails, and says why, as long as something cannot be renewed', async () => {
    fs.writeFileSync(path.join(ca.folder, 'ca/profiles/server.json'), '{}');
    for (const minutes of [0, 0.5])
      expect(await after(70 + minutes / 1440, 'renew', '--timer')).toMatchObject({
        exitCode: 1,
        stdout: expect.stringContaining('server node1'),
      });
  });
});

const PRINT = [
  'renew',
  '--print-timer',
  '--apply',
  '--window',
  '23:00-01:00',
  '--json',
  '--',
  '/bin/echo',
  'a b',
];

describeNeeding(['root'], 'a timer for the CA of root', () => {
  test('is printed with the program, the directory and the hook', async () => {
    const { exitCode, service, timer, cron, user } = await after(0, ...PRINT);
    expect({ exitCode, user }).toEqual({ exitCode: 0, user: 'root' });
    const command = cron ?? service;
    expect(command).toContain(
      ` renew --timer --ca-dir ${path.join(ca.folder, 'ca')} --apply --window 23:00-01:00`,
    );
    expect(command).toMatch(/ -- \/bin\/echo ["']a b["']/);
    expect(cron === undefined ? timer : 'Persistent=true').toContain('Persistent=true');
  });

  test('is printed as one line of a crontab, or refused', async () => {
    const { service, error } = await after(0, ...PRINT, '50%\n* * * * * true');
    // A unit has an escape for it.
    const refused = service === undefined ? error : { code: 'USAGE' };
    expect(refused).toMatchObject({ code: 'USAGE' });
    expect(service ?? '').not.toMatch(/^\* /m);
  });

  test.each([
    ['a program that another user can change', [], 'FILE_UNSAFE'],
    ['a hook that another user can change', ['--', './hook'], 'FILE_UNSAFE'],
    ['a window in which no run may fall', ['--apply', '--window', '02:00-02:30'], 'USAGE'],
    ['a window without --apply', ['--window', '02:00-04:00'], 'USAGE'],
    ['names', ['alice'], 'USAGE'],
    ['a selection', ['--due'], 'USAGE'],
    ['two orders at once', ['--remove-timer'], 'USAGE'],
  ])('is refused for %s', async (what, words, code) => {
    const hook = path.join(ca.folder, 'hook');
    fs.writeFileSync(hook, '#!/bin/sh\n', { mode: 0o755 });
    fs.chownSync(hook, 1000, 1000);
    if (what.startsWith('a program')) Object.assign(ca.io, { programFile: hook });
    fs.mkdirSync(path.join(ca.folder, 'bin'));
    const { exitCode, error } = await after(0, 'renew', '--print-timer', '--json', ...words);
    expect({ exitCode, error }).toMatchObject({ exitCode: code === 'USAGE' ? 2 : 1, error: { code } });
  });

  test('of another user runs as that user, and restarts no engine', async () => {
    const { name } = accountOf(1);
    for (const file of [
      'ca',
      ...fs.readdirSync(path.join(ca.folder, 'ca'), { recursive: true, encoding: 'utf8' }),
    ])
      fs.lchownSync(path.join(ca.folder, file === 'ca' ? 'ca' : `ca/${file}`), 1, 1);
    fs.chmodSync(ca.folder, 0o755);
    expect(await after(0, 'renew', '--print-timer', '--json')).toMatchObject({ exitCode: 0, user: name });
    expect(await after(0, 'renew', '--print-timer', '--apply', '--json')).toMatchObject({
      error: { code: 'TIMER_NEEDS_ROOT' },
    });
  });

  test('with an encrypted key needs its passphrase in a file of root', async () => {
    const file = path.join(ca.folder, 'passphrase');
    fs.writeFileSync(file, 'correct horse\n', { mode: 0o600 });
    const locked = ['--ca-dir', 'locked'];
    expect(await after(0, 'init-ca', ...locked, '--passphrase-file', file)).toMatchObject({ exitCode: 0 });
    expect(await after(0, 'renew', '--print-timer', ...locked, '--json')).toMatchObject({
      error: {
        code: 'TIMER_NEEDS_PASSPHRASE',
        message: expect.stringContaining('nothing can be renewed unattended'),
        hint: expect.stringContaining('systemd-creds encrypt'),
      },
    });
    const given = ['renew', '--print-timer', ...locked, '--passphrase-file', file, '--json'];
    expect(JSON.stringify(await after(0, ...given))).toMatch(/LoadCredential=docker-mtls:|--passphrase-file/);
    fs.writeFileSync(file, 'another\n');
    expect(await after(0, ...given)).toMatchObject({ error: { code: 'CA_PASSPHRASE_WRONG' } });
  });
});
