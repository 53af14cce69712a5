import { expect, test } from '@jest/globals';
import { nearest } from './nearest.ts';

const WORDS = ['init-ca', 'issue-server', 'issue-client', 'list', 'show', 'ssh', 'secure', 'group', 'json'];

test.each([
  ['isue-client', 'issue-client'],
  ['issue-clinet', 'issue-client'],
  ['issue_client', 'issue-client'],
  ['lsit', 'list'],
  ['lists', 'list'],
  ['ls', 'list'],
  ['scure', 'secure'],
  ['init', 'init-ca'],
  ['issue', 'issue-server'],
  ['sec', 'secure'],
  ['grp', 'group'],
  ['jso', 'json'],
  ['revoke', undefined],
  ['frob', undefined],
  ['l', undefined],
  ['', undefined],
  ['-', undefined],
  ['list --all', undefined],
  ['__proto__', undefined],
  ['x'.repeat(100_000), undefined],
])('%s is %s', (typed, word) => {
  expect(nearest(typed, WORDS)).toBe(word);
});
