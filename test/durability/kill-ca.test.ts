import fs from 'node:fs';
import path from 'node:path';
import { readCrls } from '@docker-mtls/ca';
import { expect, test } from '@jest/globals';
import { cli, cliJson } from '../support/cli.ts';
import type { Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { keyFilesBelow, mode } from '../support/tree.ts';
import { caPromises } from './ca-promises.ts';
import { caCare, isRepairable } from './ca-repair.ts';
import { describeKills, expectDoneOr, KILLS_TIMEOUT } from './describe-kills.ts';
import { homeWithPairs } from './homes.ts';
import { inHome, killEverywhere } from './kill-everywhere.ts';

/** The CA, a server and a client. */
const ISSUED_BEFORE = 3;

// What is done to the CA itself. After a kill at any step the directory is what its registry says, or a repair makes it so.

async function afterKill(home: string): Promise<void> {
  const known = await caPromises(home);
  // What was on record before is never lost.
  expect(known?.length).toBeGreaterThanOrEqual(ISSUED_BEFORE);
  await isRepairable(home);
}

/** Whatever was done, the repeat leaves a directory that is what its registry says, and that signs. */
async function stillWorks(home: string): Promise<void> {
  await cliJson(['issue-client', 'zoe'], inHome(home));
  await caPromises(home);
  expect(await caCare(home, 'check')).toMatchObject({ code: 0, findings: [] });
  expect(await cliJson(['ca', 'log', 'verify'], inHome(home))).toMatchObject({ verdict: 'intact' });
}

async function homeAfter(...commands: readonly string[]): Promise<string> {
  const home = await homeWithPairs();
  for (const command of commands) await cliJson(command.split(' '), inHome(home));
  return home;
}

/** With the CA directory that is restored. */
function restored(home: string): ReturnType<typeof inHome> {
  return { ...inHome(home), env: { DOCKER_MTLS_CA_DIR: path.join(home, 'new') } };
}

/** The folder in which it was made may be left. */
async function repairedCopy(home: string): Promise<string> {
  const copy = path.join(temporaryFolder(), 'home');
  fs.cpSync(home, copy, { recursive: true, verbatimSymlinks: true });
  expect((await cli(['ca', 'repair', '--json'], restored(copy))).code).toBe(0);
  return copy;
}

async function isWhole(home: string): Promise<void> {
  const { code, stdout } = await cli(['ca', 'check', '--json'], restored(home));
  expect({ code, stdout }).toMatchObject({ code: 0 });
  const serials = readCrls(fs.readFileSync(path.join(home, 'new/crl.pem')))[0]?.revoked ?? [];
  expect(serials).toHaveLength(1);
  expect(fs.existsSync(path.join(home, 'new/clients/bob'))).toBe(false);
}

function numberIn(home: string): bigint {
  return readCrls(fs.readFileSync(path.join(home, 'ca/crl.pem')))[0]?.number ?? 0n;
}

/** The stages of a rotation are refused where they were done before the kill. */
const SCENARIOS: readonly (readonly [command: string, before: readonly string[], done: string])[] = [
  ['renew bob', [], 'none'],
  ['crl', [], 'none'],
  ['ca renew', [], 'none'],
  ['ca rotate prepare', [], 'CA_DIRECTORY_ROTATING'],
  ['ca rotate switch', ['ca rotate prepare'], 'ROTATION_NOT_PREPARED'],
  [
    'ca rotate retire bob node1',
    ['ca rotate prepare', 'ca rotate switch', 'renew bob node1'],
    'ROTATION_NOT_SWITCHED',
  ],
  ['ca passphrase --no-passphrase', ['ca rotate prepare'], 'none'],
];

describeKills('a command that changes the CA itself', () => {
  test.each(SCENARIOS)(
    '%s leaves a directory that is whole, or that a repair makes whole',
    async (command, before, code) => {
      const problems = await killEverywhere({
        start: await homeAfter(...before),
        command: command.split(' '),
        atLeast: 3,
        sample: 2,
        afterKill,
        afterRepeat: async (_, repeat: Finished) => expectDoneOr(code, repeat),
        stillWorks,
      });
      expect(problems).toEqual([]);
    },
    KILLS_TIMEOUT,
  );

  test(
    'crl never publishes a number again',
    async () => {
      const published = new Map<string, bigint>();
      const problems = await killEverywhere({
        start: await homeWithPairs(),
        command: ['crl'],
        atLeast: 3,
        sample: 2,
        afterKill: async (home) => {
          published.set(home, numberIn(home));
        },
        afterRepeat: async (home) => expect(numberIn(home)).toBeGreaterThan(published.get(home) ?? 0n),
      });
      expect(problems).toEqual([]);
    },
    KILLS_TIMEOUT,
  );

  test(
    'ca restore makes a CA that is whole, or none, and is begun again',
    async () => {
      const start = await homeAfter('ca backup b --plaintext', 'revoke bob --yes');
      fs.copyFileSync(path.join(start, 'ca/crl.pem'), path.join(start, 'newest.pem'));
      const problems = await killEverywhere({
        start,
        command: ['ca', 'restore', 'b', '--ca-dir', 'new', '--crl', 'newest.pem'],
        atLeast: 20,
        sample: 6,
        afterKill: async (home) => {
          for (const file of keyFilesBelow(path.join(home)))
            expect([file, mode(file)]).toEqual([file, '0600']);
          const { stdout } = await cli(['list', '--json'], restored(home));
          const { error } = JSON.parse(stdout) as { error?: { code: string } };
          expect(error?.code ?? 'CA_DIRECTORY_NOT_FOUND').toBe('CA_DIRECTORY_NOT_FOUND');
          if (error === undefined) await isWhole(await repairedCopy(home));
        },
        afterRepeat: async (home, repeat) => {
          expectDoneOr('CA_DIRECTORY_EXISTS', repeat);
          await isWhole(home);
        },
      });
      expect(problems).toEqual([]);
    },
    KILLS_TIMEOUT,
  );

  test(
    'ca backup writes an archive that can be restored, or none',
    async () => {
      const problems = await killEverywhere({
        start: await homeWithPairs(),
        command: ['ca', 'backup', 'ca.tar.gz', '--plaintext'],
        atLeast: 3,
        sample: 2,
        afterKill: async (home) => {
          await caPromises(home);
          if (fs.existsSync(path.join(home, 'ca.tar.gz'))) await isRestorable(home);
        },
        afterRepeat: async (home, repeat) => {
          expectDoneOr('OUT_EXISTS', repeat);
          await isRestorable(home);
        },
      });
      expect(problems).toEqual([]);
    },
    KILLS_TIMEOUT,
  );
});

/** In a copy, as the home is compared with one that was not disturbed. */
async function isRestorable(home: string): Promise<void> {
  expect(mode(path.join(home, 'ca.tar.gz'))).toBe('0600');
  const copy = path.join(temporaryFolder(), 'home');
  fs.cpSync(home, copy, { recursive: true, verbatimSymlinks: true });
  await cliJson(['ca', 'restore', 'ca.tar.gz', '--ca-dir', 'new'], inHome(copy));
  fs.rmSync(copy, { recursive: true });
}
