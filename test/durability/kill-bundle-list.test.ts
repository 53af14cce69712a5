import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { output } from '../support/run.ts';
import { caPromises, caWorks } from './ca-promises.ts';
import { describeKills, expectDoneOr, KILLS_TIMEOUT } from './describe-kills.ts';
import { homeWithPairs } from './homes.ts';
import { killEverywhere } from './kill-everywhere.ts';

const NAMES = ['bob', 'carol', 'dora'];

describeKills('bundle for a list', () => {
  test(
    'leaves whole archives of pairs that are on record, and is finished by the same command',
    async () => {
      const start = await homeWithPairs();
      fs.writeFileSync(path.join(start, 'people'), `${NAMES.join('\n')}\n`);
      const problems = await killEverywhere({
        start,
        command: ['bundle', '--names', 'people', '--issue', '-o', 'out'],
        atLeast: 50,
        afterKill: async (home) => {
          const known = (await caPromises(home)) ?? [];
          for (const name of archives(home)) {
            await isWholeArchive(home, name);
            expect(known).toContainEqual(
              expect.objectContaining({ name, kind: 'client', status: 'current' }),
            );
          }
        },
        afterRepeat: async (home, repeat) => {
          expectDoneOr('nothing else', repeat);
          const known = (await caPromises(home)) ?? [];
          const clients = known.filter(({ kind }) => kind === 'client').map(({ name }) => name);
          // Nobody was issued two pairs, and whose pair was made was also handed it.
          expect([clients, archives(home)]).toEqual([NAMES, NAMES]);
        },
        stillWorks: caWorks,
      });
      expect(problems).toEqual([]);
    },
    KILLS_TIMEOUT,
  );
});

/** Of whom there is an archive in its place. */
function archives(home: string): readonly string[] {
  const folder = path.join(home, 'out');
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  return names
    .filter((name) => !name.startsWith('.'))
    .map((name) => path.basename(name, '.tar.gz'))
    .toSorted();
}

async function isWholeArchive(home: string, name: string): Promise<void> {
  const listing = await output('tar', ['-tzf', path.join(home, 'out', `${name}.tar.gz`)]);
  expect(listing).toBe('ca.pem\ncert.pem\nkey.pem\n');
}
