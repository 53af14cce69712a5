/* oxlint-disable jest/expect-expect -- expectKept does it */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { cliJson } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { TRACING } from '../support/needs.ts';
import { traceCli } from '../support/strace.ts';
import { temporaryFolder } from '../support/temp.ts';
import { homeWithPairs, newHome } from './homes.ts';
import { inHome } from './kill-everywhere.ts';
import { lostInPowerCut } from './power-cut.ts';

const SECURE = 'secure node1 --client alice --config d/daemon.json --listen 127.0.0.1:1';

/** In a new folder. */
const FIRST = ['init-ca', `${SECURE} --out tls`, 'request alice --out new/folder'];

/** Where there are a CA and pairs; what was done before, and then the command. */
const LATER: readonly (readonly string[])[] = [
  [SECURE],
  ['issue-server node2 --out tls'],
  ['issue-client alice'],
  ['issue-client bob --force'],
  ['issue-client --names people'],
  ['bundle bob --for node1'],
  ['bundle --names people --issue -o bundles'],
  ['bundle bob --for node1', 'unbundle bob.tar.gz --out d/bob'],
  ['bundle bob --for node1', 'unbundle bob.tar.gz --install'],
  ['daemon-config --config d/daemon.json'],
  ['daemon-config --config new/folder/daemon.json'],
  ['daemon-config --config d/daemon.json', 'daemon-config undo --config d/daemon.json'],
  ['daemon-config --config new/daemon.json', 'daemon-config undo --config new/daemon.json'],
  ['context create node1 --client bob --for node1'],
  ['ci export bob --for gitlab --ttl 365d'],
];

async function expectKept(home: string, commands: readonly string[]): Promise<void> {
  fs.mkdirSync(path.join(home, 'd'));
  fs.writeFileSync(path.join(home, 'd/daemon.json'), '{"debug": true}');
  fs.writeFileSync(path.join(home, 'people'), 'alice\ncarol\n');
  for (const command of commands.slice(0, -1)) await cliJson(command.split(' '), inHome(home));
  const { code, stderr, calls } = await traceCli(commands.at(-1)?.split(' ') ?? [], inHome(home));
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(calls.map(({ name }) => name)).toContain('fsync');
  expect(lostInPowerCut(calls, home)).toEqual([]);
}

describeNeeding(TRACING, 'a power cut takes nothing of', () => {
  let pairs: string;
  beforeAll(async () => {
    pairs = await homeWithPairs();
  });

  test.each(FIRST)('a first command: %s', async (command) => {
    await expectKept(newHome(), [command]);
  });

  test.each(LATER.map((commands) => [commands.at(-1), commands] as const))('%s', async (_, commands) => {
    const home = path.join(temporaryFolder(), 'home');
    fs.cpSync(pairs, home, { recursive: true, verbatimSymlinks: true });
    await expectKept(home, commands);
  });
});
