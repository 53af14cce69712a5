import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { searchPath } from '../../../../test/support/run.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { trackedFiles } from './tracked.ts';

let folder: string;

const isTracked = (file: string): boolean => trackedFiles([file]).has(file);

function git(...args: readonly string[]): void {
  const env = { PATH: searchPath(), HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  execFileSync('git', ['-C', folder, ...args], { env, stdio: 'ignore' });
}

function write(name: string): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, name);
  return file;
}

beforeEach(() => {
  folder = temporaryFolder();
});

describe('a file is tracked by git', () => {
  test.each(['alice.tar.gz', 'deep/down/key.pem', 'ключ.pem', `${'n'.repeat(200)}.pem`])('%s', (name) => {
    git('init', '--quiet');
    const file = write(name);
    write(`other/${name}`);
    expect(isTracked(file)).toBe(false);
    git('add', `other/${name}`);
    expect(isTracked(file)).toBe(false);
    git('add', name);
    expect(isTracked(file)).toBe(true);
    git('rm', '--cached', '--quiet', name);
    expect(isTracked(file)).toBe(false);
  });

  test('in a repository of SHA-256, and with an index of version 3', () => {
    git('init', '--quiet', '--object-format=sha256');
    const file = write('key.pem');
    git('add', '--intent-to-add', 'key.pem');
    expect(isTracked(file)).toBe(true);
  });
});

// Read with hashes of SHA-256, the name of this entry begins 12 bytes later.
test('a file is not taken for one whose name ends like its own', () => {
  git('init', '--quiet');
  write('docker/prodab/key.pem');
  git('add', 'docker/prodab/key.pem');
  expect(isTracked(write('key.pem'))).toBe(false);
});

test.each(['sha1', 'sha256'])('an index of version 4, of a repository of %s', (format) => {
  git('init', '--quiet', `--object-format=${format}`);
  const names = ['a.pem', 'deep/down/key.pem', 'deep/down/key2.pem', `long/${'n'.repeat(200)}`, 'z.pem'];
  const files = names.map(write);
  git('update-index', '--index-version', '4');
  git('add', ...names.slice(1, 4));
  git('add', '--intent-to-add', 'z.pem');
  expect(trackedFiles(files)).toEqual(new Set(files.slice(1)));
});

test('an index of version 4 that is cut off, or nonsense, holds no name', () => {
  git('init', '--quiet');
  const file = write('key.pem');
  git('add', 'key.pem');
  git('update-index', '--index-version', '4');
  const index = fs.readFileSync(path.join(folder, '.git/index'));
  for (const bytes of [
    index.subarray(0, 76),
    Buffer.concat([index.subarray(0, 12), Buffer.alloc(1e5, 255)]),
  ]) {
    fs.writeFileSync(path.join(folder, '.git/index'), bytes);
    expect(isTracked(file)).toBe(false);
  }
});

test('several repositories, and files that no repository has', () => {
  const outside = write('key.pem');
  const files = ['one', 'two'].map((name) => {
    const file = write(`${name}/key.pem`);
    git('-C', name, 'init', '--quiet');
    git('-C', name, 'add', 'key.pem');
    return file;
  });
  expect(trackedFiles([outside, ...files])).toEqual(new Set(files));
});

describe('no repository tracks a file', () => {
  test.each<[string, () => void]>([
    ['without one', () => undefined],
    ['with an index that is none', () => void fs.writeFileSync(write('.git/index'), 'DIRX'.repeat(10))],
    ['with an index that ends', () => void fs.writeFileSync(write('.git/index'), 'DIRC')],
    [
      'with an index that is a folder',
      () => void fs.mkdirSync(path.join(folder, '.git/index'), { recursive: true }),
    ],
    [
      'with a pipe in its place, which another user can leave in a folder above',
      () => void execFileSync('mkfifo', [path.join(folder, '.git')]),
    ],
    [
      'with a link that leads nowhere',
      () => void fs.writeFileSync(path.join(folder, '.git'), 'gitdir: /nowhere\n'),
    ],
  ])('%s', (_, prepare) => {
    prepare();
    expect(isTracked(write('key.pem'))).toBe(false);
  });
});
