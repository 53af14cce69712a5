import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { cli, cliJson, type CliOptions } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { temporaryFolder } from '../support/temp.ts';

const UID = 4242;
const GID = 4243;

function secure(config: string, ...more: readonly string[]): readonly string[] {
  const words = ['secure', 'node1', '--client', 'alice', '--listen', '127.0.0.1:2376', '--config', config];
  return [...words, ...more];
}

describeNeeding(['root'], 'root, an engine, and the folders of other users', () => {
  let home: string;
  let options: CliOptions;
  const at = (name: string): string => path.join(home, name);

  beforeEach(async () => {
    home = temporaryFolder();
    fs.chmodSync(home, 0o755);
    for (const name of ['user', 'etc', 'certs']) fs.mkdirSync(at(name), { mode: 0o755 });
    fs.chownSync(at('user'), UID, GID);
    options = { home: at('user'), cwd: at('user'), env: { DOCKER_MTLS_CA_DIR: at('ca') } };
  });

  test('secure in the home of an ordinary user leaves the bundle there, and it is theirs', async () => {
    await cliJson(secure(at('etc/daemon.json')), options);
    expect(fs.statSync(at('user/alice.tar.gz'))).toMatchObject({ uid: UID, gid: GID });
    expect(fs.readdirSync(at('user'))).toEqual(['alice.tar.gz']);
    expect(fs.statSync(at('ca/private/ca-key.pem')).uid).toBe(0);
  });

  test('no key is suggested for what another user has put where a bundle was written', async () => {
    await cliJson(['init-ca', '--no-passphrase'], { ...options, cwd: home });
    for (const name of ['alice', 'mallory']) await cliJson(['issue-client', name], { ...options, cwd: home });
    await cliJson(['bundle', 'mallory', '-o', at('user/mallory.tar.gz')], { ...options, cwd: home });
    await cliJson(['bundle', 'alice', '-o', at('etc/alice.tar.gz')], { ...options, cwd: home });
    fs.copyFileSync(at('etc/alice.tar.gz'), at('user/alice.tar.gz'));
    const { next } = await cliJson(['renew', 'alice'], { ...options, cwd: home });
    expect(next).toEqual(['docker-mtls bundle alice --for HOST']);
    const { stdout } = await cli(['status'], { ...options, cwd: home });
    expect(stdout).toContain(
      `run docker-mtls bundle alice, and hand it to alice yourself: another user (uid ${UID})`,
    );
    expect(stdout).not.toContain(`-o ${at('user')}`);
  });

  test.each([
    ['belongs to another user', () => fs.chownSync(at('etc'), UID, GID), 'owns'],
    ['can be written by others', () => fs.chmodSync(at('etc'), 0o777), 'may write to'],
  ])('no engine is configured whose folder %s', async (_, change, reason) => {
    change();
    for (const command of [secure(at('etc/daemon.json')), secure(at('etc/deeper/daemon.json'))]) {
      const { code, stderr } = await cli(command, options);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(
          new RegExp(`is not safe for daemon\\.json: .*${reason} ${at('etc')}\n`, 'u'),
        ),
      });
    }
    expect([fs.readdirSync(at('etc')), fs.existsSync(at('ca'))]).toEqual([[], false]);
  });

  test('no engine is configured with certificates that another user can change', async () => {
    await cliJson(secure(at('etc/daemon.json'), '--out', at('certs')), options);
    const before = fs.readFileSync(at('etc/daemon.json'), 'utf8');
    fs.chownSync(at('certs'), UID, GID);
    const words = [
      'daemon-config',
      '--server',
      'node1',
      '--config',
      at('etc/daemon.json'),
      '--certs-dir',
      at('certs'),
    ];
    const { code, stderr } = await cli([...words, '--listen', '127.0.0.1:2377'], options);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(
        `is not safe for an engine's certificates: another user (uid ${UID}) owns ${at('certs')}`,
      ),
    });
    expect(fs.readFileSync(at('etc/daemon.json'), 'utf8')).toBe(before);
  });

  test('an existing daemon.json that others may write to is not trusted', async () => {
    fs.writeFileSync(at('etc/daemon.json'), '{}');
    fs.chmodSync(at('etc/daemon.json'), 0o666);
    const { code, stderr } = await cli(secure(at('etc/daemon.json')), options);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(
        `${at('etc/daemon.json')} is not safe for daemon.json: other users may write to it`,
      ),
    });
  });
});
