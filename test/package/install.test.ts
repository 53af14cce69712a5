import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { describeUnless } from '../support/describe-unless.ts';
import { output } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { asker, install, installedPackages } from './installed.ts';
import { nodeReleases } from './node-release.ts';
import { pack } from './packed.ts';

// What a user gets: installed by plain npm in an empty folder, with nothing of this repository in reach. Which of
// libsql's prebuilt files is loaded depends on the C library of `node`: the one for musl cannot be tried here.

const { tarball } = await pack();
const { folder, obstacle } = await install(tarball);
const releases = await nodeReleases();

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

    test('does the same again with what V8 kept of the first time', async () => {
      const ask = asker(folder, node, temporaryFolder());
      await ask(LINK, ['init-ca', '--no-passphrase']);
      const kept = fs.readdirSync(path.join(folder, 'node_modules/docker-mtls/dist/code-cache'));
      expect(kept).toContainEqual(expect.stringContaining(`.init-ca.v${release}.`));
      await ask(LINK, ['issue-client', 'alice']);
      await ask(LINK, ['issue-client', 'bob']);
      expect(JSON.stringify(await ask(LINK, ['list']))).toMatch(/"alice".*"bob"/);
    });
  });
});
