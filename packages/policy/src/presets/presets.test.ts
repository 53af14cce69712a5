import { describe, expect, test } from '@jest/globals';
import { decide, parse, PRESETS } from '../index.ts';
import type { Found, PolicyRequest } from '../index.ts';

function named(kind: Found['kind'], name: string): Found {
  return { kind, reference: name, object: { name, labels: {}, driver: 'local', options: {} } };
}

function request(cn: string, line: string, body?: unknown): PolicyRequest {
  const [method = '', uri = ''] = line.split(' ');
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  return {
    subject: {
      kind: 'certificate',
      commonName: cn,
      organizationalUnits: [],
      uris: [],
      fingerprint: '',
      issuer: '',
    },
    method,
    uri,
    headers: bytes === undefined ? { 'Content-Length': '0' } : { 'Content-Type': 'application/json' },
    body: bytes,
    now: 0,
    engine: { unpacksSafely: true },
    found: [
      named('container', 'shop-web-1'),
      named('container', 'blog-1'),
      named('volume', 'shop_data'),
      named('volume', 'blog_data'),
      named('network', 'shop_default'),
    ],
  };
}

const HOST = { Image: 'a', HostConfig: { Binds: ['/:/host'] } };

describe.each([
  [
    'ci',
    [
      ['ci-web', 'POST /build?t=a', undefined, true],
      ['ci-web', 'POST /images/registry.example/a/push', undefined, true],
      ['ci-web', 'POST /containers/create?name=web', { Image: 'a' }, true],
      ['ci-web', 'POST /containers/create', HOST, false],
      ['ci-web', 'POST /swarm/init', {}, false],
      ['web', 'GET /info', undefined, false],
    ],
  ],
  [
    'compose',
    [
      [
        'bob',
        'POST /containers/create?name=shop-web-1',
        { Image: 'a', HostConfig: { Binds: ['shop_data:/d'] } },
        true,
      ],
      ['bob', 'POST /networks/create', { Name: 'shop_default', Driver: 'bridge' }, true],
      ['bob', 'POST /volumes/create', { Name: 'shop_data' }, true],
      ['bob', 'POST /containers/shop-web-1/exec', { Cmd: ['sh'] }, true],
      ['bob', 'DELETE /containers/shop-web-1?force=1', undefined, true],
      ['bob', 'DELETE /containers/blog-1', undefined, false],
      ['bob', 'POST /containers/create?name=blog-1', { Image: 'a' }, false],
      [
        'bob',
        'POST /containers/create?name=shop-x',
        { Image: 'a', HostConfig: { Binds: ['blog_data:/d'] } },
        false,
      ],
      ['bob', 'POST /containers/create?name=shop-x', HOST, false],
      ['bob', 'POST /build', undefined, false],
      ['carol', 'GET /containers/json', undefined, true],
      ['carol', 'POST /containers/shop-web-1/stop', undefined, false],
    ],
  ],
  [
    'monitoring',
    [
      ['prometheus', 'GET /containers/json', undefined, true],
      ['prometheus', 'GET /containers/a/json', undefined, false],
      ['cadvisor', 'GET /containers/a/json', undefined, true],
      ['cadvisor', 'GET /containers/a/logs?stdout=1', undefined, false],
      ['dozzle', 'GET /containers/a/logs?stdout=1', undefined, true],
      ['dozzle', 'POST /containers/a/stop', undefined, false],
    ],
  ],
] as const)('the preset %s', (name, requests) => {
  const policy = parse(PRESETS.get(name)?.text ?? '');

  test.each(requests.map((each) => [...each] as const))('%s: %s %j', (cn, line, body, isAllowed) => {
    const { allow, needs } = decide(policy, request(cn, line, body));
    expect({ allow, needs }).toEqual({ allow: isAllowed, needs: [] });
  });
});

test('there are the presets that the documentation names', () => {
  expect([...PRESETS.keys()]).toEqual(['ci', 'compose', 'monitoring']);
});
