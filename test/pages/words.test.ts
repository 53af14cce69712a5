import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { REPOSITORY } from '../support/cache.ts';

// Words with no honest use in a technical text, for which there is a plainer one.
const WORDS: readonly RegExp[] = [
  /\banew\b/i,
  /\bmend(?:s|ed|ing)?\b/i,
  /\bbe it\b/i,
  /\bof ours\b/i,
  /\bof our making\b/i,
  /\bwhoever\b/i,
  /\bknock(?:s|ed|ing)?\b/i,
  /\bleaves? [^.,;]{1,60} away\b/i,
  /\bthe way out\b/i,
  /\bnobody can\b/i,
  /\bstands? in the way\b/i,
  // One kind of apostrophe, which every terminal shows.
  /\w\u2019\w/,
];

const PACKAGES = fs.readdirSync(path.join(REPOSITORY, 'packages')).map((name) => `packages/${name}`);

const FOLDERS = ['.', '.ci', 'certs-template', 'docs', 'scripts', 'test', ...PACKAGES];

/** This file has to name them. */
const OWN = 'test/pages/words.test.ts';

const TEXTS = /\.(?:ts|js|cjs|md|json|ya?ml|sh)$|^(?:\.ci|scripts)\/[^.]+$|^Dockerfile$/;

/** The build copies these. */
const COPIES = new Set(
  ['README.md', 'README.ko.md', 'SECURITY.md', 'docs'].map((name) => `packages/cli/${name}`),
);

const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.cache']);

/** What the repository holds, without what it leaves out: as a checkout has it, or an export without its history. */
function filesOf(folder: string): readonly string[] {
  return fs.readdirSync(path.join(REPOSITORY, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (LEFT_OUT.has(entry.name) || COPIES.has(file)) return [];
    if (entry.isDirectory()) return folder === '.' ? [] : filesOf(file);
    return entry.isFile() && TEXTS.test(file) && file !== OWN ? [file] : [];
  });
}

function hitsIn(file: string): readonly string[] {
  const lines = fs.readFileSync(path.join(REPOSITORY, file), 'utf8').split('\n');
  return lines.flatMap((line, index) =>
    WORDS.some((word) => word.test(line)) ? [`${file}:${index + 1}: ${line.trim()}`] : [],
  );
}

test.each([
  'issued anew',
  'mend the file',
  'Whoever asks',
  'leave --for away',
  'a bug of ours',
  'the CA\u2019s key',
])('the words are found in %j', (text) => {
  expect(WORDS.some((word) => word.test(text))).toBe(true);
});

test.each(['recommend it', 'amended', 'leave the CA directory; go away', 'of our CA'])(
  'no word is found in %j',
  (text) => {
    expect(WORDS.some((word) => word.test(text))).toBe(false);
  },
);

describe('sources, tests and pages use none of the words that have a plainer one', () => {
  test.each(FOLDERS)('%s', (folder) => {
    expect(filesOf(folder).flatMap(hitsIn)).toEqual([]);
  });
});

const HINT = /\bhint:\s*(['"`])((?:\\.|(?!\1).)*)\1/gs;

/** Hints follow `hint: ` in the middle of a line, so they are no sentences with a capital letter and a full stop. */
function sentencesIn(source: string): readonly string[] {
  const hints = [...source.matchAll(HINT)].map(([, , hint = '']) => hint);
  return hints.filter((hint) => /^[A-Z][a-z]+ (?!Desktop)|[^.]\.$/.test(hint));
}

test.each(["hint: 'Use another.'", "hint:\n  'Use another'", 'hint: `use ${another}.`'])(
  'the hint in %j is written as a sentence',
  (source) => {
    expect(sentencesIn(source)).toHaveLength(1);
  },
);

test('no hint is written as a sentence', () => {
  const sources = PACKAGES.flatMap((folder) => filesOf(`${folder}/src`)).filter((file) =>
    file.endsWith('.ts'),
  );
  const texts = sources.map((file) => fs.readFileSync(path.join(REPOSITORY, file), 'utf8'));
  expect(texts.flatMap(sentencesIn)).toEqual([]);
});
