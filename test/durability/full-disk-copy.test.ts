import { createPrivateKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { cli, cliJson } from '../support/cli.ts';
import { withMounts } from '../hostile/with-mounts.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import type { Finished } from '../support/run.ts';
import { leaveRoom, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temp.ts';
import { homeWithPairs } from './homes.ts';
import { inHome } from './kill-everywhere.ts';

const PAGE = 4096;

describeNeeding(['root', 'mounts'], 'the copy of a pair that an engine reads', () => {
  test('is the old pair or the new one, however full its disk is', async () => {
    const home = await homeWithPairs();
    const disk = await smallDisk(1024 * 1024);
    const out = (...parts: readonly string[]): string => path.join(disk.outside, 'out', ...parts);
    const words = ['issue-server', 'node1', '--force', '--out', path.join(disk.inside, 'out')];
    await cliJson(words, { ...inHome(home), prefix: disk.prefix });
    const first = fs.readFileSync(out('server-cert.pem'), 'utf8');
    const names = fs.readdirSync(out());

    let refusals = 0;
    for (let room = 0; ; room += PAGE) {
      leaveRoom(disk, room);
      const { code, stdout } = await cli([...words, '--json'], { ...inHome(home), prefix: disk.prefix });
      const certificate = new X509Certificate(fs.readFileSync(out('server-cert.pem')));
      expect(certificate.checkPrivateKey(createPrivateKey(fs.readFileSync(out('server-key.pem'))))).toBe(
        true,
      );
      if (code === 0) break;
      refusals += 1;
      expect(stdout).toContain('no space left on the device');
      expect(fs.readFileSync(out('server-cert.pem'), 'utf8')).toBe(first);
      expect(fs.readdirSync(out())).toEqual(names);
    }
    expect(refusals).toBeGreaterThan(2);
    expect(fs.readFileSync(out('server-cert.pem'), 'utf8')).not.toBe(first);
  });

  test('is the old pair or the new one in a container, too, and daemon.json leads to it', async () => {
    const work = temporaryFolder();
    const disk = await smallDisk(1024 * 1024);
    for (const name of ['docker', 'ca']) fs.mkdirSync(path.join(work, name), { mode: 0o700 });
    const mounts = `mkdir /ca; mount --bind "$work/ca" /ca; mount --bind "$work/docker" /docker; mount --bind ${disk.inside} /certs`;
    const run = (names: string): Promise<Finished> =>
      cli(['container', 'server', '--json'], {
        prefix: [...disk.prefix, ...withMounts(work, mounts)],
        env: { HOST_CERTS_DIR: disk.outside, SAN: names },
      });
    const config = (): string => fs.readFileSync(path.join(work, 'docker/daemon.json'), 'utf8');
    const file = (name: string): Buffer => fs.readFileSync(path.join(disk.outside, name));
    expect(await run('')).toMatchObject({ code: 0 });
    const [firstConfig, first] = [config(), file('server-cert.pem')];
    fs.writeFileSync(path.join(disk.outside, 'filler'), '');
    const names = fs.readdirSync(disk.outside);

    let refusals = 0;
    for (let room = 0; ; room += PAGE) {
      leaveRoom(disk, room);
      const { code, stdout } = await run('node2.example.com');
      const certificate = new X509Certificate(file('server-cert.pem'));
      expect(certificate.checkPrivateKey(createPrivateKey(file('server-key.pem')))).toBe(true);
      expect(config()).toBe(firstConfig);
      if (code === 0) break;
      refusals += 1;
      expect(stdout).toContain('no space left on the device');
      expect(file('server-cert.pem')).toEqual(first);
      expect(fs.readdirSync(disk.outside)).toEqual(names);
    }
    expect(refusals).toBeGreaterThan(2);
    expect(file('server-cert.pem')).not.toEqual(first);
  });
});
