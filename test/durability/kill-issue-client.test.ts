import { expect, test } from '@jest/globals';
import { caPromises, caWorks } from './ca-promises.ts';
import { describeKills, expectDoneOr, KILLS_TIMEOUT } from './describe-kills.ts';
import { homeWithPairs } from './homes.ts';
import { killEverywhere } from './kill-everywhere.ts';

describeKills('issue-client', () => {
  test(
    'leaves nothing, or a pair that the next command puts in place',
    async () => {
      const problems = await killEverywhere({
        start: await homeWithPairs(),
        command: ['issue-client', 'alice'],
        atLeast: 40,
        afterKill: async (home) => expect((await caPromises(home))?.length).toBeGreaterThan(2),
        afterRepeat: async (home, repeat) => {
          expectDoneOr('CA_DIRECTORY_NAME_TAKEN', repeat);
          const rows = (await caPromises(home)) ?? [];
          expect(rows.filter(({ name }) => name === 'alice')).toMatchObject([
            { kind: 'client', status: 'current' },
          ]);
        },
        stillWorks: caWorks,
      });
      expect(problems).toEqual([]);
    },
    KILLS_TIMEOUT,
  );
});
