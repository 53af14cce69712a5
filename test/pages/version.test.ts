import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { REPOSITORY } from '../support/cache.ts';
import { output } from '../support/run.ts';

const ONE_PLACE = 'packages/cli/package.json';

/** The same digits there are a version of something else. */
const OTHERS =
  /^(?:CHANGELOG\.md|pnpm-lock\.yaml|packages\/cli\/src\/plugin\/metadata\.ts|.*\.test\.ts|packages\/policy\/conformance\/.*)$/;

const read = (name: string): string => fs.readFileSync(path.join(REPOSITORY, name), 'utf8');

test('the version stands in one place', async () => {
  const { version } = JSON.parse(read(ONE_PLACE)) as { readonly version: string };
  const listed = await output('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: REPOSITORY,
  });
  const files = listed
    .split('\0')
    .filter((name) => name !== '' && fs.existsSync(path.join(REPOSITORY, name)));
  const literal = new RegExp(`(?<![\\d.])${version.replaceAll('.', String.raw`\.`)}(?![\\d.])`);
  const naming = files.filter((name) => !OTHERS.test(name) && literal.test(read(name)));
  expect(naming).toEqual([ONE_PLACE]);
});

test('the changelog is one that Keep a Changelog describes', () => {
  const text = read('CHANGELOG.md');
  const titles = [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
  expect(titles[0]).toBe('[Unreleased]');
  for (const title of titles.slice(1)) expect(title).toMatch(/^\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$/);
  const kinds = [...text.matchAll(/^### (.*)$/gm)].map(([, kind]) => kind);
  const known = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];
  expect(kinds.filter((kind) => !known.includes(kind ?? ''))).toEqual([]);
});
