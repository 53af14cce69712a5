import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { describeUnless } from '../support/describe-unless.ts';
import { output, run } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { asker, install, installedPackages } from './installed.ts';
import { nodeReleases, SUPPORTED, TOO_OLD } from './node-release.ts';
import { pack } from './packed.ts';

// What a user gets: installed by plain npm in an empty folder, with nothing of this repository in reach. Which of
// libsql's prebuilt files is loaded depends on the C library of `node`: the one for musl cannot be tried here.

const { tarball } = await pack();
const { folder, obstacle } = await install(tarball);
const releases = await nodeReleases(SUPPORTED);
const oldReleases = await nodeReleases(TOO_OLD);

// --no: what is not installed is an error, never fetched.
const NPX = ['npx', '--no', '--', 'docker-mtls'];
const LINK = ['node_modules/.bin/docker-mtls'];

describeUnless(obstacle, 'an installation', () => {
  test('has one native library with its two helpers, and runs no script of theirs', () => {
    const packages = installedPackages(folder);
    const names = Object.keys(packages).filter((name) => !name.startsWith('@libsql/'));
    expect(names.toSorted()).toEqual(['@neon-rs/load', 'detect-libc', 'docker-mtls', 'libsql']);
    expect(Object.values(packages).filter(({ link, hasInstallScript }) => link ?? hasInstallScript)).toEqual(
      [],
    );
  });
});

describe.each(releases)('on Node $release', ({ release, node, obstacle: missing }) => {
  describeUnless(obstacle ?? missing, 'an installation', () => {
    test('makes a CA, a client and its bundle, and lists them', async () => {
      const home = temporaryFolder();
      const bundle = path.join(home, 'alice.tar.gz');
      const ask = asker(folder, node, home);
      expect(await output(node, ['--version'])).toMatch(new RegExp(`^v${release}\\.`));
      await ask(NPX, ['init-ca', '--no-passphrase']);
      await ask(LINK, ['issue-client', 'alice']);
      await ask(LINK, ['bundle', 'alice', '--output', bundle]);
      expect(fs.statSync(bundle).size).toBeGreaterThan(0);
      expect(JSON.stringify(await ask(LINK, ['list']))).toContain('"alice"');
    });
  });
});

const allMissing = releases.find((each) => each.obstacle !== undefined)?.obstacle;

// The registry is SQLite's: Node's own in some releases, libsql's in others.
describeUnless(obstacle ?? allMissing, 'all releases of Node', () => {
  test('work on one CA directory in turn', async () => {
    const home = temporaryFolder();
    for (const [index, { release, node }] of [...releases, ...releases].entries()) {
      const ask = asker(folder, node, home);
      if (index === 0) await ask(LINK, ['init-ca', '--no-passphrase']);
      await ask(LINK, ['issue-client', `client-${index}-on-${release}`]);
      const listed = JSON.stringify(await ask(LINK, ['list']));
      expect(listed.match(/"client-\d-on-\d+"/g)).toHaveLength(index + 1);
    }
  });
});

describe.each(oldReleases)('on Node $release', ({ release, node, obstacle: missing }) => {
  describeUnless(obstacle ?? missing, 'an installation', () => {
    test('says in a line and a hint that this Node is too old', async () => {
      const program = path.join(folder, 'node_modules/docker-mtls/dist/docker-mtls.cjs');
      const { code, stdout, stderr } = await run(node, [program, 'list'], { cwd: folder });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(
        new RegExp(`^docker-mtls: error: this is Node ${release}\\.[^\n]* too old.*\nhint: .*\n$`),
      );
    });
  });
});
