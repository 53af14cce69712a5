import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { onCleanup } from '../../../../test/support/cleanup.ts';
import { describeNeeding } from '../../../../test/support/describe-needing.ts';
import { cliNeeds, docker, DOCKER_CLIS } from '../../../../test/support/docker-cli.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { makeAuthority } from '../../../../test/support/test-ca.ts';
import { createContext } from '../store/write-contexts.ts';
import { proxyFor, unusableAllProxy, type ProxiedHost } from './proxy.ts';

const HTTPS_PROXY = 'http://proxy:3128';

function engine(url: string, tls = true): ProxiedHost {
  const { hostname, port } = new URL(url);
  return { name: hostname.replaceAll(/[[\]]/g, ''), port: Number(port), tls };
}

describe('proxyFor', () => {
  test.each([
    ['tcp://node1.example.com:2376', ''],
    ['tcp://node1.example.com:2376', 'example.org'],
    ['tcp://node1.example.com:2376', 'ode1.example.com'],
    ['tcp://node1.example.com:2376', 'node1.example.com:2377'],
    ['tcp://example.com:2376', '.example.com'],
    ['tcp://10.1.2.3:2376', '10.1.2.4'],
    ['tcp://10.1.2.3:2376', '10.2.0.0/16'],
    ['tcp://10.1.2.3:2376', '.3'],
    ['tcp://10.1.2.3:2376', '10.0.0.0/99'],
    ['tcp://[2001:db8::1]:2376', '2001:db9::/32'],
    ['tcp://node1:2376', '10.0.0.0/8'],
  ])('%s goes through it although NO_PROXY is %j', (url, NO_PROXY) => {
    expect(proxyFor(engine(url), { HTTPS_PROXY, NO_PROXY })).toEqual({ variable: 'HTTPS_PROXY' });
  });

  test.each([
    ['tcp://node1.example.com:2376', '*'],
    ['tcp://node1.example.com:2376', 'x, example.com'],
    ['tcp://node1.example.com:2376', '.example.com'],
    ['tcp://node1.example.com:2376', '*.example.com'],
    ['tcp://node1.example.com:2376', 'NODE1.example.com:2376'],
    ['tcp://example.com:2376', 'example.com'],
    ['tcp://10.1.2.3:2376', '10.1.2.3'],
    ['tcp://10.1.2.3:2376', '10.1.2.3:2376'],
    ['tcp://10.1.2.3:2376', '10.0.0.0/8'],
    ['tcp://[2001:db8::1]:2376', '2001:db8::/32'],
    ['tcp://[2001:db8::1]:2376', '2001:db8:0:0::1'],
    ['tcp://[2001:db8::1]:2376', '[2001:db8::1]:2376'],
    ['tcp://localhost:2376', ''],
    ['tcp://127.0.0.5:2376', ''],
    ['tcp://[::1]:2376', ''],
  ])('%s goes direct, NO_PROXY is %j', (url, NO_PROXY) => {
    expect(proxyFor(engine(url), { HTTPS_PROXY, NO_PROXY })).toBeUndefined();
  });

  test('without TLS it is HTTP_PROXY that counts; small letters count too, an empty value does not', () => {
    const host = engine('tcp://node1:2375', false);
    expect(proxyFor(host, { HTTPS_PROXY })).toBeUndefined();
    expect(proxyFor(host, { http_proxy: 'http://p' })).toEqual({ variable: 'http_proxy' });
    expect(proxyFor(host, { HTTP_PROXY: '', http_proxy: 'http://p', no_proxy: 'node1' })).toBeUndefined();
  });
});

/** Ports that take note of who connects, and hang up. 0.0.0.0 is not loopback, and leads to this machine all the same. */
async function listener(): Promise<{ readonly port: number; readonly count: () => number }> {
  let count = 0;
  const server = net.createServer((socket) => {
    count += 1;
    socket.on('error', () => undefined).destroy();
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  onCleanup(() => void server.close());
  return { port: (server.address() as net.AddressInfo).port, count: () => count };
}

const RULES: readonly (readonly [name: string, env: Readonly<Record<string, string>>])[] = [
  ['0.0.0.0', { HTTPS_PROXY: 'http://PROXY' }],
  ['0.0.0.0', { https_proxy: 'PROXY' }],
  ['0.0.0.0', { HTTPS_PROXY: '', https_proxy: 'socks5://PROXY' }],
  ['0.0.0.0', { HTTP_PROXY: 'http://PROXY' }],
  ['0.0.0.0', { ALL_PROXY: 'socks5://PROXY' }],
  ['127.0.0.1', { HTTPS_PROXY: 'http://PROXY' }],
  ['localhost', { HTTPS_PROXY: 'http://PROXY' }],
  ['0.0.0.0', { HTTPS_PROXY: 'http://PROXY', NO_PROXY: '0.0.0.0' }],
  ['0.0.0.0', { HTTPS_PROXY: 'http://PROXY', no_proxy: '0.0.0.0:1' }],
  ['0.0.0.0', { HTTPS_PROXY: 'http://PROXY', NO_PROXY: 'x,0.0.0.0:ENGINE' }],
  ['0.0.0.0', { HTTPS_PROXY: 'http://PROXY', NO_PROXY: '0.0.0.0/8' }],
  ['0.0.0.0', { HTTPS_PROXY: 'http://PROXY', NO_PROXY: '10.0.0.0/8' }],
  ['0.0.0.0', { HTTPS_PROXY: 'http://PROXY', NO_PROXY: ' * ' }],
  ['0.0.0.0', { HTTPS_PROXY: 'http://PROXY', NO_PROXY: 'x 0.0.0.0' }],
];

describe.each(DOCKER_CLIS)('the docker command (%s)', (version) => {
  describeNeeding(cliNeeds(version), 'with proxies', () => {
    test.each(RULES)('connects to %s with %j as proxyFor says', async (name, env) => {
      const [engineAt, proxyAt] = [await listener(), await listener()];
      const filled = Object.fromEntries(
        Object.entries(env).map(([key, value]) => [
          key,
          value.replace('PROXY', `127.0.0.1:${proxyAt.port}`).replace('ENGINE', String(engineAt.port)),
        ]),
      );
      const home = temporaryFolder();
      const tls = { ca: Buffer.from(makeAuthority('CA', 'ec-p256').pem) };
      createContext(path.join(home, '.docker'), {
        name: 'node1',
        host: `tcp://${name}:${engineAt.port}`,
        tls,
      });
      await docker(['--context', 'node1', 'version'], { home, version, env: filled });
      const went = { proxy: proxyAt.count() > 0, engine: engineAt.count() > 0 };
      const isProxied = proxyFor({ name, port: engineAt.port, tls: true }, filled) !== undefined;
      expect(went).toEqual({ proxy: isProxied, engine: !isProxied });
    });

    test.each([
      'http://127.0.0.1:9',
      'socks4://127.0.0.1:9',
      '127.0.0.1:9',
      'garbage',
      'socks5://127.0.0.1:9',
      'SOCKS5H://127.0.0.1:9',
    ])(
      'reaches its engine with ALL_PROXY=%s only if unusableAllProxy has nothing against it, or it is newer than that',
      async (ALL_PROXY) => {
        const engineAt = await listener();
        const home = temporaryFolder();
        const tls = { ca: Buffer.from(makeAuthority('CA', 'ec-p256').pem) };
        createContext(path.join(home, '.docker'), {
          name: 'node1',
          host: `tcp://127.0.0.1:${engineAt.port}`,
          tls,
        });
        await docker(['--context', 'node1', 'version'], { home, version, env: { ALL_PROXY } });
        const isUsable = unusableAllProxy({ ALL_PROXY }) === undefined;
        expect(engineAt.count() > 0 || !isUsable).toBe(true);
        expect(['20.10', '26.1', '28.5'].includes(version) && engineAt.count() > 0).toBe(
          ['20.10', '26.1', '28.5'].includes(version) && isUsable,
        );
      },
    );
  });
});
