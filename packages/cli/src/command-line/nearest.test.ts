import { expect, test } from '@jest/globals';
import { nearest } from './nearest.ts';

const WORDS = [
  'init-ca',
  'issue-server',
  'issue-client',
  'list',
  'show',
  'ssh',
  'secure',
  '--group',
  '--json',
];

test.each([
  ['isue-client', 'issue-client'],
  ['issue-clinet', 'issue-client'],
  ['issue_client', 'issue-client'],
  ['lsit', 'list'],
  ['lists', 'list'],
  ['scure', 'secure'],
  ['init', 'init-ca'],
  ['sec', 'secure'],
  ['--grp', '--group'],
  ['--js', undefined],
  ['--jso', '--json'],
  ['issue', undefined],
  ['revoke', undefined],
  ['ls', undefined],
  ['', undefined],
  ['x'.repeat(100_000), undefined],
])('%s is %s', (typed, word) => {
  expect(nearest(typed, WORDS)).toBe(word);
});
