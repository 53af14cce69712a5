import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { REPOSITORY } from '../support/cache.ts';
import { rowsOf } from './tables.ts';

const PACKAGES = path.join(REPOSITORY, 'packages');

/** The sources of a package, tests left out. */
function sourcesOf(name: string): readonly string[] {
  const folder = path.join(PACKAGES, name, 'src');
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.c?[jt]s$/.test(file) && !file.endsWith('.test.ts'))
    .map((file) => fs.readFileSync(path.join(folder, file), 'utf8'));
}

/** The codes that a package declares, and whether each is used besides. */
function declaredIn(name: string): ReadonlyMap<string, boolean> {
  const sources = sourcesOf(name);
  const [union = ''] = sources.flatMap((text) => /ErrorCode =[^;]*;/.exec(text) ?? []);
  const rest = sources.join('').replace(union, '');
  return new Map(codesIn(union).map((code) => [code, rest.includes(`'${code}'`)]));
}

function codesIn(text: string): readonly string[] {
  return [...text.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, code = '']) => code);
}

/** The codes that a page explains: in a table's first column, or in a sentence on them. */
function explainedOn(page: string): readonly string[] {
  const cells = rowsOf(page).map(([first = '']) => first);
  return cells.flatMap((cell) => [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, code = '']) => code));
}

const DECLARING = fs.readdirSync(PACKAGES).filter((name) => declaredIn(name).size > 0);

test('the packages that have errors of their own', () => {
  expect(DECLARING.toSorted()).toEqual(
    [
      'audit',
      'authority',
      'authz',
      'bundle',
      'ca',
      'ca-directory',
      'ci',
      'context',
      'daemon-config',
      'doctor',
      'files',
      'engine',
      'policy',
      'registry',
      'secure',
      'ssh',
    ].toSorted(),
  );
});

describe.each(DECLARING)('the error codes of %s', (name) => {
  const codes = [...declaredIn(name).keys()].toSorted();

  test('are those of its table', () => {
    expect([...explainedOn(`packages/${name}/README.md`)].toSorted()).toEqual(codes);
  });

  test('are all thrown', () => {
    const unused = [...declaredIn(name)].flatMap(([code, isUsed]) => (isUsed ? [] : [code]));
    expect(unused).toEqual([]);
  });
});

test('what the command line and the image throw besides is explained, and nothing else is', () => {
  const thrown = [...sourcesOf('cli'), ...sourcesOf('image')].flatMap((text) => [
    ...[...text.matchAll(/new MtlsError\(\s*'([A-Z_]+)'/g)].map(([, code = '']) => code),
    ...[...text.matchAll(/\bcode(?: =|:| \?\?) '([A-Z_]+)'/g)].map(([, code = '']) => code),
  ]);
  const others = new Set(DECLARING.flatMap((name) => [...declaredIn(name).keys()]));
  const own = [...new Set(thrown)].filter((code) => !others.has(code));
  const explained = [...explainedOn('docs/scripts.md'), ...explainedOn('docs/container.md')];
  expect(explained.toSorted()).toEqual(own.toSorted());
});

test.each([
  ['ssh', 'SshProblemCode'],
  ['context', 'ContextProblemCode'],
])('the problems that %s finds are those of its table', (name, type) => {
  const [union = ''] = sourcesOf(name).flatMap((text) => new RegExp(`${type} =[^;]*;`).exec(text) ?? []);
  const words = [...union.matchAll(/'([a-z-]+)'/g)].map(([, word = '']) => word);
  const cells = rowsOf(`packages/${name}/README.md`).map(([first = '']) => first);
  const listed = cells.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, word = '']) => word));
  expect(words.length).toBeGreaterThan(0);
  expect(listed.toSorted()).toEqual(words.toSorted());
});
