import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { REPOSITORY } from '../support/cache.ts';

// ARCHITECTURE.md is the page that people read before the code: what it names must exist.

const text = fs.readFileSync(path.join(REPOSITORY, 'ARCHITECTURE.md'), 'utf8');
const operations = fs.readFileSync(path.join(REPOSITORY, 'docs/operations.md'), 'utf8');
const packages = fs.readdirSync(path.join(REPOSITORY, 'packages'));

/** Names of files and folders of this repository, as they are set in code. */
function pathsIn(page: string): readonly string[] {
  const spans = [...page.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  const roots = fs.readdirSync(REPOSITORY).filter((name) => !name.startsWith('.'));
  return [
    ...new Set(spans.filter((span) => roots.includes(span.split('/')[0] ?? '') && !/[ *<]/.test(span))),
  ];
}

test('ARCHITECTURE.md is one page', () => {
  expect(text.split('\n').length).toBeLessThanOrEqual(120);
});

test('its diagram has every package, and no other', () => {
  const [, diagram = ''] = /^```\n(.*?)^```$/ms.exec(text) ?? [];
  const named = [...diagram.matchAll(/^(?: [├└]─ )?([a-z-]+) ─/gm)].map(([, name = '']) => name);
  expect(named.toSorted()).toEqual(packages.toSorted());
});

describe.each([
  ['ARCHITECTURE.md', text],
  ['docs/operations.md', operations],
])('the paths that %s names', (_, page) => {
  test.each(pathsIn(page))('%s exists', (name) => {
    expect(fs.existsSync(path.join(REPOSITORY, name))).toBe(true);
  });
});
