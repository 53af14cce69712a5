import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { caPromises } from './ca-promises.ts';
import { describeKills, KILLS_TIMEOUT } from './describe-kills.ts';
import { newHome } from './homes.ts';
import { killEverywhere } from './kill-everywhere.ts';

const FILES = ['ca.pem', 'cert.pem', 'key.pem'];

/** A home folder with a CA of the last release whose pairs were plain files. */
function earlierHome(): string {
  const home = newHome();
  const archive = path.join(import.meta.dirname, '../../packages/ca-directory/testing/ca-of-schema-1.tar.gz');
  spawnSync('tar', ['-xzpf', archive, '--no-same-owner', '-C', home]);
  return home;
}

function bob(home: string): readonly string[] {
  return FILES.map((name) => fs.readFileSync(path.join(home, 'ca/clients/bob', name), 'utf8'));
}

describeKills('the first change of a CA directory of an earlier release', () => {
  test(
    'leaves every path in place, with the old pair or the new one',
    async () => {
      const start = earlierHome();
      const old = bob(start);
      const problems = await killEverywhere({
        start,
        command: ['issue-client', 'bob', '--force'],
        atLeast: 40,
        afterKill: async (home) => {
          const files = bob(home);
          const isOld = files[2] === old[2];
          expect(isOld ? files : files.slice(0, 1)).toEqual(isOld ? old : old.slice(0, 1));
          await caPromises(home);
        },
        afterRepeat: async (home, { code }) => {
          expect(code).toBe(0);
          const rows = (await caPromises(home)) ?? [];
          expect(rows.filter(({ name, status }) => name === 'bob' && status === 'current')).toHaveLength(1);
        },
      });
      expect(problems).toEqual([]);
    },
    KILLS_TIMEOUT,
  );
});
