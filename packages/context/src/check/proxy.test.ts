import { describe, expect, test } from '@jest/globals';
import { proxyFor } from './proxy.ts';

const HTTPS_PROXY = 'http://proxy:3128';

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
    expect(proxyFor(new URL(url), { HTTPS_PROXY, NO_PROXY }, { tls: true })).toBe(HTTPS_PROXY);
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
    expect(proxyFor(new URL(url), { HTTPS_PROXY, NO_PROXY }, { tls: true })).toBeUndefined();
  });

  test('without TLS it is HTTP_PROXY that counts; small letters count too, an empty value does not', () => {
    const url = new URL('tcp://node1:2375');
    expect(proxyFor(url, { HTTPS_PROXY }, { tls: false })).toBeUndefined();
    expect(proxyFor(url, { http_proxy: 'http://p' }, { tls: false })).toBe('http://p');
    expect(
      proxyFor(url, { HTTP_PROXY: '', http_proxy: 'http://p', no_proxy: 'node1' }, { tls: false }),
    ).toBeUndefined();
  });
});
