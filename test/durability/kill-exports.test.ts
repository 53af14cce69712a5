import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { cliJson } from '../support/cli.ts';
import { describeKills, KILLS_TIMEOUT } from './describe-kills.ts';
import { newHome } from './homes.ts';
import { inHome, killEverywhere } from './kill-everywhere.ts';

describeKills('a command that writes keys outside of the CA directory', () => {
  test(
    'request leaves no key or a complete one, and finishes when it is run again',
    async () => {
      const problems = await killEverywhere({
        start: newHome(),
        command: ['request', 'alice', '--out', 'out'],
        atLeast: 8,
        afterKill: (home) => completeOrMissing(path.join(home, 'out/alice-key.pem')),
        afterRepeat: async (home, { code, stdout }) => {
          expect({ code, stdout }).toMatchObject({ code: 0 });
          await completeOrMissing(path.join(home, 'out/alice-key.pem'));
        },
      });
      expect(problems).toEqual([]);
    },
    KILLS_TIMEOUT,
  );

  test(
    'ci export leaves no credentials or complete ones, and finishes when it is run again',
    async () => {
      const problems = await killEverywhere({
        start: await homeWithShortLived(),
        command: ['ci', 'export', 'ci-bob', '--for', 'gitlab', '--out', 'out'],
        atLeast: 20,
        afterKill: (home) => completeOrMissing(path.join(home, 'out/credentials/ci-bob/DOCKER_KEY')),
        afterRepeat: async (_, { code, stdout }) => {
          expect({ code, stdout }).toMatchObject({ code: 0 });
        },
      });
      expect(problems).toEqual([]);
    },
    KILLS_TIMEOUT,
  );
});

/** A pair that a server may keep; how one is issued is tested elsewhere. */
async function homeWithShortLived(): Promise<string> {
  const home = newHome();
  await cliJson(['init-ca'], inHome(home));
  await cliJson(['issue-client', 'ci-bob', '--ttl', '30d'], inHome(home));
  return home;
}

async function completeOrMissing(file: string): Promise<void> {
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
  expect(text ?? '-----END PRIVATE KEY-----\n').toMatch(/-----END PRIVATE KEY-----\n$/u);
}
