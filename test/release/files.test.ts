import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { beforeAll, expect, test } from '@jest/globals';
import { asDeveloper, buildExecutable, IS_FULL_RELEASE } from '../executable/executable.ts';
import { REPOSITORY } from '../support/cache.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { describeUnless } from '../support/describe-unless.ts';
import { hostPath } from '../support/engine-install.ts';
import { output } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

const built = await buildExecutable();

const PUBLIC = ['/root/', '/tmp/', 'localhost', 'registry.npmjs.org', 'https://registry.npmjs.org/'];

/** What would lead back to the machine that built it, or to the way by which that got its packages. */
function telltales(sources: string): readonly string[] {
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8', cwd: '/' }).trim();
  const host = new URL(registry).host;
  // That of everybody is in the licences of Node.
  return [sources, REPOSITORY, `${os.homedir()}/`, `${os.tmpdir()}/`, os.hostname(), registry, host].filter(
    (word) => word.length > 4 && !PUBLIC.includes(word),
  );
}

function found(file: string, words: readonly string[]): readonly string[] {
  const bytes = fs.readFileSync(file);
  return words.filter((word) => bytes.includes(word)).map((word) => `${path.basename(file)}: ${word}`);
}

describeUnless(built.obstacle, 'an executable', () => {
  test('leads back neither to the machine that built it nor to a registry', () => {
    if (built.obstacle !== undefined) throw new Error(built.obstacle);
    const names = fs.readdirSync(built.folder).filter((name) => name.startsWith('docker-mtls-'));
    expect(names.flatMap((name) => found(path.join(built.folder, name), telltales(REPOSITORY)))).toEqual([]);
  });

  test('comes with the licences of Node and of all packages that are bundled', () => {
    if (built.obstacle !== undefined) throw new Error(built.obstacle);
    const text = fs.readFileSync(path.join(built.folder, 'docker-mtls-linux-licenses.txt'), 'utf8');
    for (const name of ['yargs', 'execa', 'tar', 'node-forge', 'age-encryption', 'Node.js'])
      expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+`, 'm'));
    // A matcher of strings would print all of it.
    expect(text.includes('Copyright Node.js contributors')).toBe(true);
    expect(text.includes('No licence text')).toBe(false);
  });
});

/** The sources in a folder of their own, as somebody else has them. */
async function copyOfSources(): Promise<string> {
  const folder = path.join(temporaryFolder(), 'sources of somebody else'.replaceAll(' ', '-'));
  fs.mkdirSync(folder);
  const list = await output('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: REPOSITORY,
  });
  await output('tar', ['--create', '--null', '--files-from=-', '--file', `${folder}.tar`], {
    cwd: REPOSITORY,
    input: list,
  });
  await output('tar', ['--extract', '--file', `${folder}.tar`, '--directory', folder]);
  return folder;
}

/** Builds a release; `before` is what comes before the command in a shell. */
async function release(sources: string, before: string): Promise<string> {
  const folder = path.join(temporaryFolder(), 'release');
  const words = ['-c', `${before} "$0" "$1"`, path.join(sources, 'scripts/release'), folder];
  const { code, stderr } = await asDeveloper('sh', words, {
    PATH: hostPath(),
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  });
  if (code !== 0) throw new Error(stderr);
  return folder;
}

if (IS_FULL_RELEASE)
  describeNeeding(['faketime'], 'a release', () => {
    let here: string;
    let elsewhere: string;
    let sources: string;
    beforeAll(async () => {
      sources = await copyOfSources();
      here = await release(REPOSITORY, '');
      elsewhere = await release(sources, 'umask 077; TZ=Asia/Seoul faketime -f +40d');
    }, 1_800_000);

    test('has the same bytes from another folder, on another day and with another umask', () => {
      const names = fs.readdirSync(here);
      expect(fs.readdirSync(elsewhere)).toEqual(names);
      const isSame = (name: string): boolean =>
        fs.readFileSync(path.join(here, name)).equals(fs.readFileSync(path.join(elsewhere, name)));
      expect(names.filter((name) => !isSame(name))).toEqual([]);
    });

    test('has every file that is promised, and its sums are right', async () => {
      expect(fs.readdirSync(here).map((name) => name.replaceAll(/\d+\.\d+\.\d+/g, 'VERSION'))).toEqual([
        'SHA256SUMS',
        'docker-mtls-VERSION-man.tar.gz',
        'docker-mtls-VERSION.cdx.json',
        'docker-mtls-VERSION.tgz',
        'docker-mtls-linux-arm64',
        'docker-mtls-linux-licenses.txt',
        'docker-mtls-linux-x64',
        'docker-mtls_VERSION_amd64.deb',
        'docker-mtls_VERSION_arm64.deb',
      ]);
      await output('sha256sum', ['--strict', '--check', 'SHA256SUMS'], { cwd: here });
    });

    test('leads back neither to the machine that built it nor to a registry', async () => {
      const unpacked = temporaryFolder();
      for (const name of fs.readdirSync(elsewhere)) {
        const file = path.join(elsewhere, name);
        if (name.endsWith('.deb'))
          await output('dpkg-deb', ['--raw-extract', file, path.join(unpacked, name)]);
        else if (name.endsWith('gz')) await output('tar', ['-xzf', file, '-C', unpacked]);
        else fs.copyFileSync(file, path.join(unpacked, name));
      }
      const files = fs
        .readdirSync(unpacked, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name));
      expect(files.flatMap((file) => found(file, telltales(sources)))).toEqual([]);
    });

    test('has a bill of materials whose parts are all there, each once', () => {
      const name = fs.readdirSync(here).find((each) => each.endsWith('.cdx.json')) ?? '';
      type Part = { readonly 'bom-ref': string; readonly components?: readonly Part[] };
      const bill = JSON.parse(fs.readFileSync(path.join(here, name), 'utf8')) as {
        readonly components: readonly Part[];
        readonly metadata: { readonly component: Part };
        readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
      };
      const refs = [bill.metadata.component, ...bill.components]
        .flatMap((part) => [part, ...(part.components ?? [])])
        .map((part) => part['bom-ref']);
      expect(new Set(refs).size).toBe(refs.length);
      const named = bill.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]);
      expect(named.filter((ref) => !refs.includes(ref))).toEqual([]);
      expect(refs).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^pkg:npm\/yargs@/),
          expect.stringMatching(/^pkg:npm\/libsql@/),
          expect.stringMatching(/^pkg:generic\/node@24\./),
          expect.stringMatching(/^pkg:generic\/openssl@3\./),
        ]),
      );
    });
  });
