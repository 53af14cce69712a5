import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { RULES } from '../../../ca/src/lint/rules.ts';
import { REPOSITORY } from '../../../../test/support/cache.ts';
import { CATALOGUE, ROWS } from './catalogue.ts';
import { findingsPage } from './findings-page.ts';
import { NUMBERS } from './numbers.support.ts';

describe('the numbers of findings', () => {
  test('are those on record: programs and baselines of other people refer to them', () => {
    expect(ROWS.map(({ id, block, word }) => `${id} ${block} ${word}`)).toEqual(NUMBERS);
  });

  test('are each given once', () => {
    expect(new Set(ROWS.map(({ id }) => id)).size).toBe(ROWS.length);
  });

  test('are in the range of their block', () => {
    const ranges = { listeners: 1, authority: 2, lint: 2, contexts: 3, ssh: 4, authorization: 5, host: 6 };
    const stray = ROWS.filter(({ id, block }) => !new RegExp(`^DM${ranges[block]}\\d\\d$`).test(id));
    expect(stray).toEqual([]);
  });
});

test('every rule that a certificate can break has a row', () => {
  const complaints = ['address-as-dns-name', 'leaf-without-purpose', 'private-key-published'];
  const words = [...RULES.map(({ id }) => id), ...complaints];
  expect(Object.keys(CATALOGUE.lint).toSorted()).toEqual(words.toSorted());
});

test('what to do is a sentence without its stop', () => {
  expect(ROWS.filter(({ title, fix }) => title.endsWith('.') || fix.endsWith('.'))).toEqual([]);
});

test('docs/findings.md is what the table says', () => {
  const page = fs.readFileSync(path.join(REPOSITORY, 'docs/findings.md'), 'utf8');
  expect(page).toBe(findingsPage());
});
