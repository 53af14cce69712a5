import { expect, test } from '@jest/globals';
import { shellWord } from './index.ts';

test.each([
  ['alice', 'alice'],
  ['/etc/docker/tls', '/etc/docker/tls'],
  ['host=tcp://node1:2376,ca=/a', 'host=tcp://node1:2376,ca=/a'],
  ['', "''"],
  ['a b', "'a b'"],
  ["it's", String.raw`'it'\''s'`],
  ['$(reboot)', "'$(reboot)'"],
  ['*.example.com', "'*.example.com'"],
  ['~root', "'~root'"],
  ['a\nb', "'a\nb'"],
  ['bj\u00f6rn', "'bj\u00f6rn'"],
])('shellWord quotes %j where it must', (word, expected) => {
  expect(shellWord(word)).toBe(expected);
});
