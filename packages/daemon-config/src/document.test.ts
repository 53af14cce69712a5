import { describe, expect, test } from '@jest/globals';
import { LARGEST_CONFIG } from './decode.ts';
import { parseDaemonConfig } from './document.ts';

function refusal(bytes: Buffer): unknown {
  try {
    parseDaemonConfig(bytes, '/etc/docker/daemon.json');
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('parseDaemonConfig', () => {
  test.each([
    { name: 'an absent file', bytes: undefined, exists: false, text: '' },
    { name: 'an empty file', bytes: Buffer.alloc(0), exists: true, text: '' },
    { name: 'nothing but white space', bytes: Buffer.from(' \r\n\t'), exists: true, text: ' \r\n\t' },
    {
      name: 'nothing but a byte order mark',
      bytes: Buffer.from('efbbbf', 'hex'),
      exists: true,
      text: '\ufeff',
    },
  ])('takes $name as a start from nothing', ({ bytes, exists, text }) => {
    expect(parseDaemonConfig(bytes)).toEqual({ exists, text, root: undefined });
  });

  test('keeps the text byte for byte, byte order mark included', () => {
    const bytes = Buffer.from('\ufeff{\r\n"grüße": "🐳", "n": 1.50e+02}\r\n\r\n');
    expect(Buffer.from(parseDaemonConfig(bytes).text)).toEqual(bytes);
  });

  test.each([
    { name: 'null', text: '{"hosts": null, "tls": null, "tlsverify": null, "tlscacert": null}' },
    {
      name: 'every protocol that the engine has',
      text: '{"hosts": ["fd://", "unix:///a", "npipe:////./pipe/x", "tcp://a"]}',
    },
    { name: 'a host with no protocol', text: '{"hosts": ["10.0.0.1:2376", ":2376", ""]}' },
  ])('accepts $name', ({ text }) => {
    expect(refusal(Buffer.from(text))).toBeUndefined();
  });

  test.each([
    { name: 'an array', text: '[]', message: '1:1: an array where an object should stand' },
    { name: 'a string', text: '"x"', message: '1:1: a string where an object should stand' },
    { name: 'a number', text: ' 7', message: '1:2: a number where an object should stand' },
    { name: 'null', text: 'null', message: '1:1: null where an object should stand' },
    {
      name: 'hosts as a string',
      text: '{"hosts": "fd://"}',
      message: '1:11: "hosts" must be an array of strings',
    },
    {
      name: 'hosts as an object',
      text: '{"hosts": {}}',
      message: '1:11: "hosts" must be an array of strings',
    },
    {
      name: 'a number among the hosts',
      text: '{"hosts": ["fd://", 1]}',
      message: '1:11: "hosts" must be an array of strings',
    },
    { name: 'tls as a string', text: '{"tls": "true"}', message: '1:9: "tls" must be true or false' },
    {
      name: 'tlsverify as a number',
      text: '{"tlsverify": 1}',
      message: '1:15: "tlsverify" must be true or false',
    },
    { name: 'tlscacert as true', text: '{"tlscacert": true}', message: '1:15: "tlscacert" must be a string' },
    { name: 'tlscert as a list', text: '{"tlscert": []}', message: '1:13: "tlscert" must be a string' },
    { name: 'tlskey as an object', text: '{"tlskey": {}}', message: '1:12: "tlskey" must be a string' },
    {
      name: 'metrics-addr as a number',
      text: '{"metrics-addr": 9}',
      message: '1:18: "metrics-addr" must be a string',
    },
    {
      name: 'a protocol that the engine lacks',
      text: '{"hosts":\n["https://a"]}',
      message: '2:2: "https://a" is no address that the engine can listen on',
    },
    {
      name: 'a path without protocol',
      text: '{"hosts": ["/run/x.sock"]}',
      message: '1:12: "/run/x.sock" is no address that the engine can listen on',
    },
    {
      name: 'a port that is none',
      text: '{"hosts": ["tcp://a:70000"]}',
      message: '1:12: "tcp://a:70000" is no address that the engine can listen on',
    },
    { name: 'Hosts', text: '{"Hosts": []}', message: '1:2: the key "Hosts" is misspelt' },
    {
      name: 'TLSVerify beside tlsverify',
      text: '{"tlsverify": true,\n"TLSVerify": false}',
      message: '2:1: the key "TLSVerify" is misspelt',
    },
    {
      name: 'a key in the disguise of a long s',
      text: '{"tl\u017fverify": true}',
      message: '1:2: the key "tl\u017fverify" is misspelt',
    },
    {
      name: 'a byte order mark does not move the columns',
      text: '\ufeff[]',
      message: '1:1: an array where an object should stand',
    },
  ])('refuses $name', ({ text, message }) => {
    expect(refusal(Buffer.from(text))).toMatchObject({
      code: 'DAEMON_CONFIG_INVALID',
      message: `/etc/docker/daemon.json: line ${message}`,
      hint: expect.any(String),
    });
  });

  test.each([
    {
      name: 'UTF-16 with its mark, low byte first',
      bytes: Buffer.from('\ufeff{}', 'utf16le'),
      message: 'UTF-16',
    },
    {
      name: 'UTF-16 with its mark, high byte first',
      bytes: Buffer.from('\ufeff{}', 'utf16le').swap16(),
      message: 'UTF-16',
    },
    { name: 'UTF-16 with no mark', bytes: Buffer.from('{}', 'utf16le'), message: 'UTF-16' },
    { name: 'Latin-1', bytes: Buffer.from('{"a": "grün"}', 'latin1'), message: 'not UTF-8' },
    { name: 'a surrogate in UTF-8', bytes: Buffer.from('227b80eda08022', 'hex'), message: 'not UTF-8' },
    { name: 'too much', bytes: Buffer.alloc(LARGEST_CONFIG + 1, ' '), message: '1048577 bytes' },
    { name: 'zeros, as a power cut leaves them', bytes: Buffer.alloc(64), message: '"\\u0000"' },
  ])('refuses $name', ({ bytes, message }) => {
    expect(refusal(bytes)).toMatchObject({
      code: 'DAEMON_CONFIG_INVALID',
      message: expect.stringContaining(message),
      hint: expect.any(String),
    });
  });

  test('a message shows at most a piece of a hostile key, and no control character', () => {
    const key = `${'x'.repeat(500)}`;
    const text = `{"\\u001b${key}": 1, "\\u001b${key}": 2}`;
    const { message } = refusal(Buffer.from(text)) as Error;
    expect(message.length).toBeLessThan(200);
    expect(message).not.toContain('\u001b');
  });
});
