import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { REPOSITORY } from '../support/cache.ts';
import { filesBelow, pack } from './packed.ts';

/** Every file that the package may hold; each line stands for at least one. */
const CONTENTS = [
  /^LICENSE$/,
  /^README\.md$/,
  /^README\.ko\.md$/,
  /^SECURITY\.md$/,
  /^docs\/[a-z-]+\.md$/,
  /^package\.json$/,
  /^dist\/docker-mtls\.cjs$/,
  /^dist\/lib\/[\w-]+\.js$/,
  /^dist\/lib\/certs-template\/README\.md$/,
  /^dist\/lib\/certs-template\/profiles\/(?:ca|client|server)\.json$/,
  /^dist\/lib\/ci-pipeline\/(?:compose|github|gitlab|jenkins|scripts)\/[A-Za-z.-]+$/,
  /^dist\/THIRD-PARTY-NOTICES\.txt$/,
];

const PAGE = /^(?:docs\/)?[A-Za-z-]+(?:\.ko)?\.md$/;
const KILOBYTE = 1024;

describe('the packed command line', () => {
  let tarball = '';
  let folder = '';
  const read = (file: string): string => fs.readFileSync(path.join(folder, file), 'utf8');
  const manifest = (): Record<string, unknown> => JSON.parse(read('package.json')) as Record<string, unknown>;

  beforeAll(async () => {
    ({ tarball, folder } = await pack());
  });

  test('holds the program and what it needs, and nothing else', () => {
    const files = filesBelow(folder);
    expect(files.filter((file) => !CONTENTS.some((pattern) => pattern.test(file)))).toEqual([]);
    expect(CONTENTS.filter((pattern) => !files.some((file) => pattern.test(file)))).toEqual([]);
  });

  test('is small: a third of it are libraries for archives (age, PKCS#12) that few commands load', () => {
    expect(fs.statSync(tarball).size).toBeLessThan(768 * KILOBYTE);
  });

  test('has little that every command must wait for', () => {
    const names = fs.readdirSync(path.join(folder, 'dist/lib')).filter((name) => name.startsWith('program-'));
    expect(names).toHaveLength(1);
    const files = new Set(['start.js', ...names]);
    for (const file of files)
      for (const [, imported = ''] of read(`dist/lib/${file}`).matchAll(/(?:from|import)"\.\/([^"]+)"/g))
        files.add(imported);
    const text = [...files].map((file) => read(`dist/lib/${file}`)).join('');
    expect(text.length).toBeLessThan(177 * KILOBYTE);
    // It takes a quarter of the time of a bare Node.
    expect(text).not.toMatch(/["'](?:node:)?crypto["']/);
  });

  test('asks for native packages alone, in exact versions, and runs nothing on installation', () => {
    expect(manifest()['dependencies']).toEqual({ libsql: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
    for (const field of ['devDependencies', 'peerDependencies', 'optionalDependencies', 'scripts'])
      expect(manifest()).not.toHaveProperty(field);
  });

  test('names the same releases of Node as the repository', () => {
    const { engines } = JSON.parse(fs.readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(manifest()['engines']).toEqual(engines);
  });

  test('has one program, which the system can start', () => {
    expect(manifest()['bin']).toEqual({ 'docker-mtls': './dist/docker-mtls.cjs' });
    expect(read('dist/docker-mtls.cjs')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(fs.statSync(path.join(folder, 'dist/docker-mtls.cjs')).mode & 0o777).toBe(0o755);
  });

  test('has every page that its pages lead to', () => {
    const links = filesBelow(folder)
      .filter((file) => PAGE.test(file))
      .flatMap((file) =>
        [...read(file).matchAll(/\]\(([^):#]+)\)/g)].map(([, link = '']) =>
          path.join(path.dirname(file), link),
        ),
      );
    expect(links).toContain('docs/systemd.md');
    expect(links.filter((link) => !fs.existsSync(path.join(folder, link)))).toEqual([]);
  });

  test('tells nothing of the machine that it was made on, and has no way back to it', () => {
    // The pages may well speak of somebody's home; what was built may not.
    const telltale = [REPOSITORY, `${os.homedir()}/`, 'workspace:', '.pnpm/', 'sourceMappingURL'];
    const built = filesBelow(folder).filter((file) => !PAGE.test(file));
    const found = built.flatMap((file) =>
      telltale.filter((word) => read(file).includes(word)).map((word) => `${file}: ${word}`),
    );
    expect(found).toEqual([]);
  });
});
