import fs from 'node:fs';
import path from 'node:path';
import { readCrl } from '@docker-mtls/ca';
import { expect, test } from '@jest/globals';
import { caPromises, caWorks } from './ca-promises.ts';
import { describeKills, KILLS_TIMEOUT } from './describe-kills.ts';
import { homeWithPairs } from './homes.ts';
import { killEverywhere } from './kill-everywhere.ts';

function serialsOn(home: string): readonly string[] {
  return readCrl(fs.readFileSync(path.join(home, 'ca/crl.pem'))).revoked.map(({ serial }) => serial);
}

describeKills('revoke', () => {
  test(
    'has revoked nothing, or finishes when it is run again',
    async () => {
      const problems = await killEverywhere({
        start: await homeWithPairs(),
        command: ['revoke', 'bob', '--yes'],
        atLeast: 12,
        afterKill: async (home) => {
          const rows = (await caPromises(home)) ?? [];
          const revoked = rows.filter(({ status }) => status === 'revoked').map(({ serial }) => serial);
          // The list is never ahead of the registry.
          expect(revoked).toEqual(expect.arrayContaining([...serialsOn(home)]));
          // A key is not deleted before the list that revokes it is in place.
          const isKeyThere = fs.existsSync(path.join(home, 'ca/clients/bob/key.pem'));
          expect(isKeyThere || serialsOn(home).length === 1).toBe(true);
        },
        afterRepeat: async (home, { code, stderr }) => {
          expect({ code, stderr }).toMatchObject({ code: 0 });
          const rows = (await caPromises(home)) ?? [];
          const bob = rows.filter(({ name }) => name === 'bob');
          expect(bob).toMatchObject([{ status: 'revoked' }]);
          expect(serialsOn(home)).toEqual(bob.map(({ serial }) => serial));
          expect(fs.existsSync(path.join(home, 'ca/clients/bob'))).toBe(false);
        },
        stillWorks: caWorks,
      });
      expect(problems).toEqual([]);
    },
    KILLS_TIMEOUT,
  );
});
