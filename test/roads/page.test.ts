import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { REPOSITORY } from '../support/cache.ts';
import { blocksOf, isShown, PAGES } from './page.ts';

const BLOCKS = PAGES.flatMap((page) => blocksOf(page)).map(
  (block) => [`${block.page}:${block.line}`, block] as const,
);

function isTest(text: string): boolean {
  const [file] = /^test\/[\w./-]+\w/.exec(text) ?? [];
  return file !== undefined && fs.existsSync(path.join(REPOSITORY, file));
}

test('the pages have blocks for shells', () => {
  expect(BLOCKS.length).toBeGreaterThan(20);
});

describe.each(BLOCKS)('the block at %s', (_, { language, steps, marks }) => {
  test('has prompts, so that it is clear who types it where', () => {
    expect(language).toBe('console');
    expect(steps.length).toBeGreaterThan(0);
  });

  test('names a test that exists, or a reason, where it is not run with its page', () => {
    const vague = marks.filter(({ kind, text }) =>
      kind === 'run by' ? !isTest(text) : text.split(' ').length < 3,
    );
    expect(vague).toEqual([]);
  });
});

describe('what a page shows', () => {
  const shown = ['+ made, valid until 2027-01-01 00:00 UTC', '…', '    ok  alice: accepted (API …)'];

  test('is found in an answer of another day with more lines', () => {
    const answer = 'x\n+ made, valid until 2031-05-06 07:08 UTC\ny\n    ok  alice: accepted (API 1.51)\nz\n';
    expect(isShown(shown, answer)).toBe(true);
  });

  test.each([
    '+ made, valid until 2031-05-06 07:08 UTC\n',
    '    ok  alice: accepted (API 1.51)\n+ made, valid until 2031-05-06 07:08 UTC\n',
    '+ made, valid until never\n    ok  alice: accepted (API 1.51)\n',
  ])('is not found in %j', (answer) => {
    expect(isShown(shown, answer)).toBe(false);
  });
});

test('a block is read with its place, marks, commands and answers', () => {
  const text = [
    'A',
    '',
    '<!-- from the start -->',
    '<!-- at: rootless -->',
    '',
    '```console',
    '$ a b',
    'c',
    '```',
    '',
    '<!-- not run: no such thing -->',
    '',
    '```console',
    '# d',
    '$ e',
    '```',
    '',
  ].join('\n');
  expect(blocksOf('x.md', text)).toMatchObject([
    { fromTheStart: true, marks: [], steps: [{ at: 'rootless', command: 'a b', shown: ['c'] }] },
    {
      fromTheStart: false,
      marks: [{ kind: 'not run', text: 'no such thing' }],
      steps: [
        { at: 'host', command: 'd', shown: [] },
        { at: 'laptop', command: 'e', shown: [] },
      ],
    },
  ]);
});
