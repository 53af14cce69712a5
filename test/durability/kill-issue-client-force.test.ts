import { expect, test } from '@jest/globals';
import { caPromises } from './ca-promises.ts';
import { describeKills, KILLS_TIMEOUT } from './describe-kills.ts';
import { homeWithPairs } from './homes.ts';
import { killEverywhere } from './kill-everywhere.ts';

describeKills('issue-client --force', () => {
  test(
    'leaves the old pair or the new one',
    async () => {
      const problems = await killEverywhere({
        start: await homeWithPairs(),
        command: ['issue-client', 'bob', '--force'],
        atLeast: 40,
        afterKill: async (home) => void (await caPromises(home)),
        afterRepeat: async (home, { code, stderr }) => {
          expect({ code, stderr }).toMatchObject({ code: 0 });
          const rows = (await caPromises(home)) ?? [];
          expect(rows.filter(({ name, status }) => name === 'bob' && status === 'current')).toHaveLength(1);
        },
      });
      expect(problems).toEqual([]);
    },
    KILLS_TIMEOUT,
  );
});
