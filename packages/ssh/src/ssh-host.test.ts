import { describe, expect, test } from '@jest/globals';
import { parseSshHost } from './ssh-host.ts';
import { loginCommand, loginWords } from './target.ts';

describe('parseSshHost', () => {
  test.each([
    ['node1', 'ssh://node1', '-- node1', 'ssh node1'],
    ['alice@node1', 'ssh://alice@node1', '-l alice -- node1', 'ssh alice@node1'],
    ['ssh://alice@node1', 'ssh://alice@node1', '-l alice -- node1', 'ssh alice@node1'],
    ['ssh://node1/', 'ssh://node1', '-- node1', 'ssh node1'],
    ['node1:2222', 'ssh://node1:2222', '-p 2222 -- node1', 'ssh -p 2222 node1'],
    ['a@n:22', 'ssh://a@n:22', '-l a -p 22 -- n', 'ssh -p 22 a@n'],
    ['10.0.0.5', 'ssh://10.0.0.5', '-- 10.0.0.5', 'ssh 10.0.0.5'],
    ['::1', 'ssh://[::1]', '-- ::1', 'ssh ::1'],
    ['a@2001:db8::5', 'ssh://a@[2001:db8::5]', '-l a -- 2001:db8::5', 'ssh a@2001:db8::5'],
    ['ssh://a@[::1]:2222', 'ssh://a@[::1]:2222', '-l a -p 2222 -- ::1', 'ssh -p 2222 a@::1'],
    ['my_alias-2', 'ssh://my_alias-2', '-- my_alias-2', 'ssh my_alias-2'],
    [
      'a@example.com@node1',
      'ssh://a@example.com@node1',
      '-l a@example.com -- node1',
      'ssh a@example.com@node1',
    ],
    ['ssh://a@n/run/user/1000/docker.sock', 'ssh://a@n/run/user/1000/docker.sock', '-l a -- n', 'ssh a@n'],
  ])('%s', (text, url, words, command) => {
    const host = parseSshHost(text);
    expect(host.url).toBe(url);
    expect(loginWords(host).join(' ')).toBe(words);
    expect(loginCommand(host)).toBe(command);
    expect(parseSshHost(host.url)).toEqual(host);
  });

  test.each([
    ['', 'no host'],
    ['ssh://', 'no host'],
    ['@node1', 'no user'],
    ['alice@', 'no host'],
    ['-oProxyCommand=touch${IFS}x', 'no host'],
    ['ssh://-oProxyCommand=id', 'no host'],
    ['ssh://-oProxyCommand=id/x', 'no host'],
    ['ssh://alice@-oProxyCommand=id', 'no host'],
    ['-v', 'no host'],
    ['alice@-v', 'no host'],
    ['ssh://-v/x', 'no host'],
    ['-oProxyCommand=id@node1', 'no user'],
    ['ssh://-l@node1', 'no user'],
    ['ssh://%2doProxyCommand=id@node1', 'no user'],
    ['ssh://%2doProxyCommand', 'no host'],
    ['a b@node1', 'no user'],
    ['$(id)@node1', 'no user'],
    ['`id`@node1', 'no user'],
    ['alice@$(id)', 'no host'],
    ['alice@node1;id', 'no host'],
    ['alice@node1|id', 'no host'],
    ['alice@node1 id', 'no host'],
    ["alice@node1'", 'no host'],
    ['alice@node1\nid', 'no host'],
    ['alice@node1\u0000', 'no host'],
    ['alice@n\u001b[31m', 'no host'],
    ['alice@n\u202eo', 'no host'],
    ['alice@nöde', 'no host'],
    ['alice@%h', 'no host'],
    ['alice@.hidden', 'no host'],
    ['alice@[node1]', 'no host'],
    ['alice@[fe80::1%eth0]', 'no host'],
    ['alice@[::1', 'no host'],
    ['node1:0', 'ports'],
    ['node1:65536', 'ports'],
    ['node1:x', 'ports'],
    ['node1:', 'ports'],
    ['node1:22:22', 'no host'],
    ['node1/run/docker.sock', 'ssh://'],
    ['ssh://node1/a b', 'plain'],
    ['ssh://node1/$(id)', 'plain'],
    ['ssh://node1/a;id', 'plain'],
    ["ssh://node1/a'b", 'plain'],
    ['ssh://node1/../x', 'plain'],
    ['ssh://node1//x', 'plain'],
    ['ssh://node1?a=b', 'no query'],
    ['ssh://node1#a', 'no query'],
    ['tcp://node1:2376', 'only ssh://'],
    ['SSH://node1', 'only ssh://'],
    ['https://node1', 'only ssh://'],
    ['a'.repeat(300), 'too long'],
  ])('%j is refused', (text, says) => {
    expect(() => parseSshHost(text)).toThrow(
      expect.objectContaining({ code: 'SSH_HOST_INVALID', message: expect.stringContaining(says) }),
    );
  });

  test.each([
    'alice:s3cret@node1',
    'ssh://alice:s3cret@node1/x?y',
    `ssh://a:s3cret/@${'n'.repeat(300)}`,
    'a:s3c@ret@n',
  ])('a password is refused, and not repeated: %s', (text) => {
    const attempt = (): unknown => parseSshHost(text);
    expect(attempt).toThrow('no password over SSH');
    expect(attempt).not.toThrow(/s3c/);
  });
});
