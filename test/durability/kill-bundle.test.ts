import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { output } from '../support/run.ts';
import { caPromises } from './ca-promises.ts';
import { describeKills, expectDoneOr, KILLS_TIMEOUT } from './describe-kills.ts';
import { homeWithPairs } from './homes.ts';
import { killEverywhere } from './kill-everywhere.ts';

describeKills('bundle', () => {
  test(
    'leaves no archive, or a whole one',
    async () => {
      const problems = await killEverywhere({
        start: await homeWithPairs(),
        command: ['bundle', 'bob', '-o', 'bob.tar.gz'],
        atLeast: 3,
        afterKill: async (home) => {
          await caPromises(home);
          if (fs.existsSync(path.join(home, 'bob.tar.gz'))) await isWholeArchive(home);
        },
        afterRepeat: async (home, repeat) => {
          expectDoneOr('FILE_EXISTS', repeat);
          await isWholeArchive(home);
        },
      });
      expect(problems).toEqual([]);
    },
    KILLS_TIMEOUT,
  );
});

async function isWholeArchive(home: string): Promise<void> {
  const listing = await output('tar', ['-tzf', path.join(home, 'bob.tar.gz')]);
  expect(listing).toBe('ca.pem\ncert.pem\nkey.pem\n');
}
