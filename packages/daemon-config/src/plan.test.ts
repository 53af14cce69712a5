import { describe, expect, test } from '@jest/globals';
import { parseDaemonConfig } from './document.ts';
import { planDaemonConfig } from './plan.ts';
import type { DaemonConfigOptions, DaemonConfigPlan } from './plan.ts';

const SOCKET = 'unix:///var/run/docker.sock';
const OPTIONS: DaemonConfigOptions = {
  listen: ['0.0.0.0:2376'],
  localSocket: SOCKET,
  files: { ca: '/certs/ca.pem', certificate: '/certs/server-cert.pem', key: '/certs/server-key.pem' },
};
const TLS_KEYS =
  '"tlsverify": true, "tlscacert": "/certs/ca.pem", "tlscert": "/certs/server-cert.pem", "tlskey": "/certs/server-key.pem"';
const SECURE = `{"hosts": ["${SOCKET}", "tcp://0.0.0.0:2376"], ${TLS_KEYS}}`;

function plan(text: string | undefined, options: Partial<DaemonConfigOptions> = {}): DaemonConfigPlan {
  const document = parseDaemonConfig(text === undefined ? undefined : Buffer.from(text));
  return planDaemonConfig(document, { ...OPTIONS, ...options });
}

function hostsAfter(
  hosts: readonly string[],
  options: Partial<DaemonConfigOptions> = {},
  more = '',
): readonly string[] {
  const { after } = plan(`{"hosts": ${JSON.stringify(hosts)}${more}}`, options);
  return (JSON.parse(after) as { hosts: string[] }).hosts;
}

function why({ changes }: DaemonConfigPlan, key: string): string | undefined {
  return changes.find((change) => change.key === key)?.why;
}

describe('a text', () => {
  const neat = `{
  "hosts": ["${SOCKET}", "tcp://0.0.0.0:2376"],
  "tlsverify": true,
  "tlscacert": "/certs/ca.pem",
  "tlscert": "/certs/server-cert.pem",
  "tlskey": "/certs/server-key.pem"
}`;

  test.each([
    { name: 'no file becomes a neat one', before: undefined, after: `${neat}\n` },
    { name: 'an empty file too', before: '', after: `${neat}\n` },
    { name: 'white space too', before: '\n\n', after: `${neat}\n` },
    { name: 'an empty object keeps what is around it', before: '{}', after: neat },
    { name: 'a lone byte order mark stays', before: '\ufeff', after: `\ufeff${neat}\n` },
    {
      name: 'tabs, CRLF and the missing last line end stay',
      before: '{\r\n\t"debug" : true\r\n}',
      after: `{\r\n\t"debug" : true,\r\n\t"hosts" : ["${SOCKET}", "tcp://0.0.0.0:2376"],\r\n\t"tlsverify" : true,\r\n\t"tlscacert" : "/certs/ca.pem",\r\n\t"tlscert" : "/certs/server-cert.pem",\r\n\t"tlskey" : "/certs/server-key.pem"\r\n}`,
    },
    {
      name: 'a file on one line stays on one line',
      before: '{ "debug": true }\n',
      after: `{ "debug": true, "hosts": ["${SOCKET}", "tcp://0.0.0.0:2376"], ${TLS_KEYS} }\n`,
    },
    {
      name: 'a file without white space gets none',
      before: '{"debug":true,"hosts":["fd://"]}',
      after:
        '{"debug":true,"hosts":["fd://","tcp://0.0.0.0:2376"],"tlsverify":true,"tlscacert":"/certs/ca.pem","tlscert":"/certs/server-cert.pem","tlskey":"/certs/server-key.pem"}',
    },
    {
      name: 'values change where they stand',
      before: `{\n    "tlskey": "/old",\n    "hosts": [\n        "fd://"\n    ],\n\n    "tlsverify": false, "x": 1.0, "tlscacert": null,\n    "tlscert" :\n      "/certs/server-cert.pem"\n}\n\n`,
      after: `{\n    "tlskey": "/certs/server-key.pem",\n    "hosts": [\n        "fd://",\n        "tcp://0.0.0.0:2376"\n    ],\n\n    "tlsverify": true, "x": 1.0, "tlscacert": "/certs/ca.pem",\n    "tlscert" :\n      "/certs/server-cert.pem"\n}\n\n`,
    },
    {
      name: 'blank lines between keys are not multiplied',
      before: `{\n  "a": 1,\n\n  "hosts": null\n}`,
      after: `{\n  "a": 1,\n\n  "hosts": ["${SOCKET}", "tcp://0.0.0.0:2376"],\n  "tlsverify": true,\n  "tlscacert": "/certs/ca.pem",\n  "tlscert": "/certs/server-cert.pem",\n  "tlskey": "/certs/server-key.pem"\n}`,
    },
    {
      name: 'an empty list is filled',
      before: `{"hosts": [ ], ${TLS_KEYS}}`,
      after: `{"hosts": ["${SOCKET}", "tcp://0.0.0.0:2376"], ${TLS_KEYS}}`,
    },
    {
      name: 'Windows paths are written as JSON has them',
      before: '{}',
      options: {
        localSocket: 'npipe://',
        files: { ca: 'C:\\certs\\ca.pem', certificate: 'C:/certs/c.pem', key: 'c:\\k.pem' },
      },
      after:
        '{\n  "hosts": ["npipe://", "tcp://0.0.0.0:2376"],\n  "tlsverify": true,\n  "tlscacert": "C:\\\\certs\\\\ca.pem",\n  "tlscert": "C:/certs/c.pem",\n  "tlskey": "c:\\\\k.pem"\n}',
    },
  ])('$name', ({ before, after, options }) => {
    expect(plan(before, options).after).toBe(after);
  });

  test('one that says all already is left alone, byte for byte', () => {
    const text = `\ufeff${SECURE.replace('{', '{\r\n\t')}`;
    expect(plan(text)).toEqual({ exists: true, before: text, after: text, changes: [], warnings: [] });
  });
});

describe('hosts', () => {
  test.each([
    { name: 'none at all', before: [], after: [SOCKET, 'tcp://0.0.0.0:2376'] },
    { name: 'fd:// stays', before: ['fd://'], after: ['fd://', 'tcp://0.0.0.0:2376'] },
    {
      name: 'two sockets stay',
      before: ['unix:///a', 'npipe://'],
      after: ['unix:///a', 'npipe://', 'tcp://0.0.0.0:2376'],
    },
    {
      name: 'the same host is not doubled',
      before: [SOCKET, 'tcp://0.0.0.0:2376'],
      after: [SOCKET, 'tcp://0.0.0.0:2376'],
    },
    {
      name: 'nor in another spelling',
      before: [SOCKET, 'tcp://0.0.0.0:02376'],
      after: [SOCKET, 'tcp://0.0.0.0:02376'],
    },
    {
      name: 'a lone plain port makes room for both',
      before: ['tcp://0.0.0.0:2375'],
      after: [SOCKET, 'tcp://0.0.0.0:2376'],
    },
    {
      name: 'a plain port is replaced in its place',
      before: ['tcp://10.0.0.5:2375', 'fd://'],
      after: ['tcp://0.0.0.0:2376', 'fd://'],
    },
    {
      name: 'several plain ports become one host',
      before: ['tcp://127.0.0.1:2375', 'tcp://10.0.0.5:2375', 'fd://', 'tcp://10.0.0.6:2375'],
      after: ['tcp://0.0.0.0:2376', 'fd://'],
    },
    {
      name: 'plain ports at the start go',
      before: ['tcp://a:2375', 'tcp://b:2375', 'fd://', 'tcp://0.0.0.0:2376'],
      after: ['fd://', 'tcp://0.0.0.0:2376'],
    },
    {
      name: 'a host on the same port makes way',
      before: ['fd://', 'tcp://10.0.0.5:2376'],
      after: ['fd://', 'tcp://0.0.0.0:2376'],
    },
    {
      name: 'one on another port stays',
      before: ['fd://', 'tcp://10.0.0.5:4243'],
      after: ['fd://', 'tcp://10.0.0.5:4243', 'tcp://0.0.0.0:2376'],
    },
    {
      name: 'what stands twice could not be opened',
      before: ['fd://', 'fd://', 'tcp://0.0.0.0:2376', 'tcp://0.0.0.0:2376'],
      after: ['fd://', 'tcp://0.0.0.0:2376'],
    },
    {
      name: 'the old wildcard makes way for one address',
      before: ['fd://', 'tcp://0.0.0.0:2376'],
      after: ['fd://', 'tcp://10.0.0.5:2376'],
      options: { listen: ['10.0.0.5:2376'] },
    },
    {
      name: 'two addresses of one port go together',
      before: ['fd://', 'tcp://10.0.0.5:2376'],
      after: ['fd://', 'tcp://10.0.0.5:2376', 'tcp://127.0.0.1:2376'],
      options: { listen: ['127.0.0.1:2376', '10.0.0.5:2376'] },
    },
    {
      name: 'IPv6 and IPv4 go together',
      before: ['fd://', 'tcp://127.0.0.1:2376'],
      after: ['fd://', 'tcp://127.0.0.1:2376', 'tcp://[::1]:2376'],
      options: { listen: ['127.0.0.1:2376', '[0:0::1]:2376'] },
    },
    {
      name: 'one of IPv6 gives way to all addresses, which the engine opens for IPv6 too',
      before: ['fd://', 'tcp://[::1]:2376'],
      after: ['fd://', 'tcp://0.0.0.0:2376'],
    },
    {
      name: 'port 2375 that spoke TLS already stays',
      before: ['fd://', 'tcp://0.0.0.0:2375'],
      after: ['fd://', 'tcp://0.0.0.0:2375', 'tcp://0.0.0.0:2376'],
      more: ', "tlsverify": true',
    },
    {
      name: 'port 2375 that is asked for stays',
      before: ['fd://', 'tcp://0.0.0.0:2375'],
      after: ['fd://', 'tcp://0.0.0.0:2375'],
      options: { listen: ['0.0.0.0:2375'] },
    },
  ])('$name', ({ before, after, options, more }) => {
    expect(hostsAfter(before, options, more)).toEqual(after);
  });

  test('says why a plain port goes', () => {
    expect(why(plan('{"hosts": ["tcp://0.0.0.0:2375"]}'), 'hosts')).toContain(
      'tcp://0.0.0.0:2375 served anyone without TLS',
    );
  });

  test('warns of a port that asks for certificates from now on', () => {
    expect(plan('{"hosts": ["fd://", "tcp://10.0.0.5:4243"]}').warnings).toEqual([
      'tcp://10.0.0.5:4243 asks for certificates too from now on: TLS counts for every tcp host',
    ]);
    expect(plan('{"hosts": ["fd://", "tcp://10.0.0.5:4243"], "tlsverify": true}').warnings).toEqual([]);
  });

  test.each([
    { name: 'no address', options: { listen: [] }, code: 'DAEMON_CONFIG_LISTEN_INVALID' },
    { name: 'a bad address', options: { listen: ['0.0.0.0'] }, code: 'DAEMON_CONFIG_LISTEN_INVALID' },
    {
      name: 'two addresses that exclude each other',
      options: { listen: ['0.0.0.0:2376', '10.0.0.5:2376'] },
      code: 'DAEMON_CONFIG_LISTEN_INVALID',
    },
    {
      name: 'a local socket that is none',
      options: { localSocket: 'tcp://0.0.0.0:2375' },
      code: 'DAEMON_CONFIG_LISTEN_INVALID',
    },
    {
      name: 'a relative path',
      options: { files: { ...OPTIONS.files, key: 'key.pem' } },
      code: 'DAEMON_CONFIG_PATH_INVALID',
    },
    {
      name: 'a path with a line end',
      options: { files: { ...OPTIONS.files, ca: '/a\n/b' } },
      code: 'DAEMON_CONFIG_PATH_INVALID',
    },
    {
      name: 'a drive without folder',
      options: { files: { ...OPTIONS.files, ca: 'C:ca.pem' } },
      code: 'DAEMON_CONFIG_PATH_INVALID',
    },
  ])('refuses $name', ({ options, code }) => {
    expect(() => plan('{}', options)).toThrow(expect.objectContaining({ code, hint: expect.any(String) }));
  });

  test('an address that is named twice counts once', () => {
    expect(hostsAfter([], { listen: ['[::1]:2376', '[0::1]:2376'] })).toEqual([SOCKET, 'tcp://[::1]:2376']);
  });
});

describe('the TLS keys', () => {
  test.each([
    {
      name: 'tls false is corrected',
      text: '{"tls": false}',
      key: 'tls',
      from: false,
      to: true,
      because: 'contradicts',
    },
    {
      name: 'tlsverify false',
      text: '{"tlsverify": false}',
      key: 'tlsverify',
      from: false,
      to: true,
      because: 'any client is served',
    },
    {
      name: 'tls alone',
      text: '{"tls": true}',
      key: 'tlsverify',
      from: undefined,
      to: true,
      because: 'before 20.10',
    },
    {
      name: 'files alone',
      text: '{"tlscert": "/c", "tlskey": "/k"}',
      key: 'tlsverify',
      from: undefined,
      to: true,
      because: 'tlscert, tlskey alone switch nothing on',
    },
    {
      name: 'no CA',
      text: '{"tlsverify": true}',
      key: 'tlscacert',
      from: undefined,
      to: '/certs/ca.pem',
      because: 'any public CA',
    },
    {
      name: 'another CA',
      text: '{"tlscacert": "/x"}',
      key: 'tlscacert',
      from: '/x',
      to: '/certs/ca.pem',
      because: 'this CA',
    },
    {
      name: 'an empty CA',
      text: '{"tlsverify": true, "tlscacert": ""}',
      key: 'tlscacert',
      from: '',
      to: '/certs/ca.pem',
      because: 'any public CA',
    },
    {
      name: 'null',
      text: '{"tlskey": null}',
      key: 'tlskey',
      from: null,
      to: '/certs/server-key.pem',
      because: 'private key',
    },
  ])('$name: says why', ({ text, key, from, to, because }) => {
    const found = plan(text).changes.find((change) => change.key === key);
    expect(found).toEqual({ key, from, to, why: expect.stringContaining(because) });
  });

  test('tls true is left as it is, and tls is never added', () => {
    expect(plan('{"tls": true}').changes.map(({ key }) => key)).toEqual([
      'hosts',
      'tlsverify',
      'tlscacert',
      'tlscert',
      'tlskey',
    ]);
    expect(plan('{"tls": true}').after).toMatch(/^\{"tls": true, "hosts"/);
  });
});

describe('warnings', () => {
  test.each([
    {
      key: 'authorization-plugin',
      warning: 'the engine ignores the key "authorization-plugin": what you mean is "authorization-plugins"',
    },
    { key: 'host', warning: 'the engine ignores the key "host": what you mean is "hosts"' },
    {
      key: 'http-proxy',
      warning: 'the engine ignores the key "http-proxy": what you mean is "proxies": { "http-proxy": … }',
    },
    { key: 'help', warning: 'the engine ignores the key "help"' },
    { key: 'Debug', warning: 'the engine does not start with the key "Debug": it is spelt "debug"' },
    {
      key: 'frobnicate',
      warning:
        'the key "frobnicate" is none that we know: an engine that does not know it either refuses to start',
    },
  ])('$key', ({ key, warning }) => {
    const text = SECURE.replace('{', `{"${key}": 1, `);
    expect(plan(text)).toMatchObject({ changes: [], warnings: [warning] });
  });

  test.each([
    { address: '0.0.0.0:9323', warned: true },
    { address: ':9323', warned: true },
    { address: '127.0.0.1:9323', warned: false },
    { address: '[::1]:9323', warned: false },
    { address: '10.0.0.5:9323', warned: true },
    { address: '', warned: false },
  ])('metrics-addr $address', ({ address, warned }) => {
    const { warnings } = plan(SECURE.replace('{', `{"metrics-addr": "${address}", `));
    expect(warnings.some((warning) => warning.includes('metrics-addr'))).toBe(warned);
  });
});
