import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { cliJson } from '../support/cli.ts';
import { caPromises, caWorks } from './ca-promises.ts';
import { describeKills, KILLS_TIMEOUT } from './describe-kills.ts';
import { newHome } from './homes.ts';
import { inHome, killEverywhere } from './kill-everywhere.ts';

/** Nobody listens there. What is there already, daemon.json and the archive among it, is what other tests are for. */
const SECURE = [
  'secure',
  'node1',
  '--client',
  'alice',
  '--listen',
  '127.0.0.1:1',
  '--certs-dir',
  '/etc/docker/certs',
  '--config',
  'daemon.json',
  '--output',
  'alice.tar.gz',
];

/** A home folder with a CA, whose daemon.json has been written. */
async function homeWithDaemonConfig(): Promise<string> {
  const home = newHome();
  await cliJson(SECURE, inHome(home));
  fs.rmSync(path.join(home, 'ca'), { recursive: true });
  fs.rmSync(path.join(home, 'alice.tar.gz'));
  await cliJson(['init-ca'], inHome(home));
  return home;
}

describeKills('secure', () => {
  test(
    'has issued both pairs or none, and the next one completes it',
    async () => {
      const problems = await killEverywhere({
        start: await homeWithDaemonConfig(),
        command: SECURE,
        atLeast: 50,
        afterKill: async (home) => {
          const rows = (await caPromises(home)) ?? [];
          expect(['ca', 'ca client server']).toContain(
            rows
              .map(({ kind }) => kind)
              .toSorted()
              .join(' '),
          );
        },
        afterRepeat: async (home, { code, stderr }) => {
          expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('error') });
          expect(await caPromises(home)).toHaveLength(3);
        },
        stillWorks: caWorks,
      });
      expect(problems).toEqual([]);
    },
    KILLS_TIMEOUT,
  );
});
