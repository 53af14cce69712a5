import { expect, test } from '@jest/globals';
import { caPromises, caWorks } from './ca-promises.ts';
import { describeKills, expectDoneOr, KILLS_TIMEOUT } from './describe-kills.ts';
import { newHome } from './homes.ts';
import { killEverywhere } from './kill-everywhere.ts';

describeKills('init-ca', () => {
  test(
    'leaves no CA, or one that the next commands complete',
    async () => {
      const problems = await killEverywhere({
        start: newHome(),
        command: ['init-ca'],
        atLeast: 35,
        afterKill: async (home) => void (await caPromises(home)),
        afterRepeat: async (home, repeat) => {
          expectDoneOr('CA_DIRECTORY_EXISTS', repeat);
          expect(await caPromises(home)).toMatchObject([{ kind: 'ca', status: 'current' }]);
        },
        stillWorks: caWorks,
      });
      expect(problems).toEqual([]);
    },
    KILLS_TIMEOUT,
  );
});
