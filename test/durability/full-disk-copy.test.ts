import { createPrivateKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { cli, cliJson } from '../support/cli.ts';
import { describeUnless } from '../support/describe-unless.ts';
import { leaveRoom, mountObstacle, smallDisk } from '../support/small-disk.ts';
import { homeWithPairs } from './homes.ts';
import { inHome } from './kill-everywhere.ts';

const PAGE = 4096;

describeUnless(mountObstacle(), 'the copy of a pair that an engine reads', () => {
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
});
