import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { cli, type CliOptions } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import type { Finished } from '../support/run.ts';
import { leaveRoom, smallDisk, useUpInodes, type SmallDisk } from '../support/small-disk.ts';
import { filesBelow } from '../support/tree.ts';
import { homeWithPairs, newHome } from './homes.ts';
import { inHome } from './kill-everywhere.ts';

type Command = {
  readonly name: string;
  readonly words: readonly string[];
  readonly start: () => Promise<string> | string;
};

const COMMANDS: readonly Command[] = [
  { name: 'init-ca', words: ['init-ca'], start: newHome },
  { name: 'issue-server', words: ['issue-server', 'node2'], start: homeWithPairs },
  { name: 'issue-client', words: ['issue-client', 'alice'], start: homeWithPairs },
  { name: 'issue-client --force', words: ['issue-client', 'bob', '--force'], start: homeWithPairs },
  { name: 'issue-client --names', words: ['issue-client', '--names', 'people'], start: homeWithList },
  {
    name: 'daemon-config',
    words: ['daemon-config', '--server', 'node1', '--config', 'daemon.json'],
    start: homeWithPairs,
  },
  { name: 'revoke', words: ['revoke', 'bob', '--yes'], start: homeWithPairs },
  { name: 'crl', words: ['crl'], start: homeWithPairs },
  { name: 'bundle', words: ['bundle', 'bob', '-o', 'bob.tar.gz'], start: homeWithPairs },
];

async function homeWithList(): Promise<string> {
  const home = await homeWithPairs();
  fs.writeFileSync(path.join(home, 'people'), 'alice\ncarol\ndora\n');
  return home;
}

/** Two pages: one at a time costs the processor a third more. */
const MORE_ROOM = 2 * 4096;

/** What a command that was refused may not have changed: every file, byte for byte. */
function contents(folder: string): Readonly<Record<string, string>> {
  const names = filesBelow(folder).map((file) => path.relative(folder, file));
  const kept = names.filter((name) => !UNCOUNTED.test(name) && fs.statSync(path.join(folder, name)).isFile());
  return Object.fromEntries(kept.map((name) => [name, fs.readFileSync(path.join(folder, name), 'base64')]));
}

/**
 * What was begun and taken back leaves the registry with the same rows and other bytes: the run that succeeds shows that
 * no certificate is in it. No key may be in the temporary folder, but that is tested elsewhere.
 */
const UNCOUNTED = /registry\.db(?:-journal)?$|^tmp\//u;

function expectClearRefusal({ code, stdout, stderr }: Finished, says: RegExp): void {
  const answer = JSON.parse(stdout) as {
    readonly error?: { readonly message: string; readonly hint?: string };
  };
  expect({ code, stderr, answer }).toMatchObject({
    code: 1,
    answer: { error: { message: expect.stringMatching(says), hint: expect.stringMatching(/./u) } },
  });
}

describeNeeding(['root', 'mounts'], 'on a file system of its own', () => {
  describe.each([...COMMANDS])('$name', ({ words, start }) => {
    test('says that the disk is full, changes nothing, and succeeds when there is room', async () => {
      const disk = await diskWith(await start());
      const home = path.join(disk.outside, 'home');
      const before = contents(home);
      let refusals = 0;
      for (let room = 0; ; room += MORE_ROOM) {
        leaveRoom(disk, room);
        const finished = await runOn(disk, words);
        if (finished.code === 0) break;
        refusals += 1;
        expectClearRefusal(finished, /no space left on the device|the disk is full/u);
        expect(contents(home)).toEqual(before);
      }
      expect(refusals).toBeGreaterThan(0);
      expect(contents(home)).not.toEqual(before);
    });

    test('says that the file system is read-only, and changes nothing', async () => {
      const home = await start();
      const before = contents(home);
      const script =
        'mount --bind "$HOME" "$HOME" && mount -o remount,bind,ro "$HOME" && cd "$HOME" && exec "$@"';
      const options = inHome(home);
      const finished = await cli([...words, '--json'], {
        ...options,
        prefix: ['unshare', '--mount', 'sh', '-c', script, 'sh'],
      });
      expectClearRefusal(finished, /read-only/u);
      expect(contents(home)).toEqual(before);
    });
  });
});

describeNeeding(['root', 'mounts'], 'on a file system that can have no more files', () => {
  test.each([
    ['bundle', (out: string) => ['bundle', 'bob', '-o', `${out}/bob.tar.gz`]],
    ['issue-client --out', (out: string) => ['issue-client', 'alice', '--out', `${out}/alice`]],
  ])('%s says so, and leaves nothing', async (_, words) => {
    const home = await homeWithPairs();
    const disk = await smallDisk(2 * 1024 * 1024, 40);
    useUpInodes(disk);
    const finished = await cli([...words(disk.inside), '--json'], { ...inHome(home), prefix: disk.prefix });
    expectClearRefusal(finished, /no inodes left on the device/u);
    expect(fs.readdirSync(disk.outside)).toEqual(['filler']);
  });

  test('the registry there says so, and is as it was', async () => {
    const disk = await diskWith(await homeWithPairs(), 200);
    const before = contents(path.join(disk.outside, 'home'));
    useUpInodes(disk);
    const options = { ...inHome(path.join(disk.inside, 'home')), cwd: '/', prefix: disk.prefix };
    expectClearRefusal(
      await cli(['issue-client', 'eve', '--json'], options),
      /no inodes left on the device/u,
    );
    expect(contents(path.join(disk.outside, 'home'))).toEqual(before);
  });
});

describe('where files may not grow', () => {
  test.each([...COMMANDS])('$name says so and changes nothing', async ({ words, start }) => {
    const home = await start();
    const before = contents(home);
    let refusals = 0;
    for (const limit of ['0', '100', '400', '1000', '4096', '8192', '16384', 'unlimited']) {
      const prefix = ['prlimit', `--fsize=${limit}`];
      const finished = await cli([...words, '--json'], { ...inHome(home), prefix });
      if (finished.code === 0) break;
      refusals += 1;
      expectClearRefusal(finished, /limit is reached|reports an error/u);
      expect(contents(home)).toEqual(before);
    }
    expect(refusals).toBeGreaterThan(0);
    expect(contents(home)).not.toEqual(before);
  });
});

async function diskWith(home: string, files = 0): Promise<SmallDisk> {
  const disk = await smallDisk(2 * 1024 * 1024, files);
  fs.cpSync(home, path.join(disk.outside, 'home'), { recursive: true, verbatimSymlinks: true });
  return disk;
}

function runOn(disk: SmallDisk, words: readonly string[]): Promise<Finished> {
  const home = path.join(disk.inside, 'home');
  const options: CliOptions = { ...inHome(home), cwd: '/' };
  return cli([...words, '--json'], { ...options, prefix: [...disk.prefix, 'env', '-C', home] });
}
