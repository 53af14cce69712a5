import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { REPOSITORY } from '../support/cache.ts';

const read = (name: string): string => fs.readFileSync(path.join(REPOSITORY, name), 'utf8');

/** What the blocks of a page have people type and see, without the remarks behind commands. */
function typedOn(page: string): readonly string[] {
  return [...read(page).matchAll(/^```console\n(.*?)^```$/gms)].map(([, body = '']) =>
    body.replaceAll(/^([#$] .*?) +# .*$/gm, '$1'),
  );
}

/** Cells of the support table that are no words of a language: versions, and what architectures are called. */
function figuresOn(page: string): readonly string[] {
  const [table = ''] = /^\|.*\n\| -.*\n(?:\|.*\n)+/m.exec(read(page)) ?? [];
  return table.match(/\d+(?:\.\d+)?|x64|arm64|glibc|musl|systemd|OpenRC/g) ?? [];
}

test('the commands of README.ko.md are those of README.md', () => {
  const korean = typedOn('README.ko.md');
  expect(korean.length).toBeGreaterThan(5);
  expect(korean).toEqual(typedOn('README.md'));
});

test('the support table of README.ko.md has the figures of README.md', () => {
  expect(figuresOn('README.ko.md')).toEqual(figuresOn('README.md'));
});

test('the links of README.ko.md lead somewhere', () => {
  const links = [...read('README.ko.md').matchAll(/\]\(([^):#]+)\)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !fs.existsSync(path.join(REPOSITORY, link)))).toEqual([]);
});
