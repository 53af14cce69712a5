import { describe, expect, test } from '@jest/globals';
import { contextNameOf, parseContextName } from '../context/context-name.ts';
import { parseEngineHost } from './engine-host.ts';

describe('parseEngineHost', () => {
  test.each([
    { text: 'node1', url: 'tcp://node1:2376', context: 'node1' },
    { text: 'Node1.Example.COM', url: 'tcp://node1.example.com:2376', context: 'node1.example.com' },
    { text: 'node1:2377', url: 'tcp://node1:2377', context: 'node1+2377' },
    { text: 'tcp://node1:2376/', url: 'tcp://node1:2376', context: 'node1' },
    { text: '10.0.0.5', url: 'tcp://10.0.0.5:2376', context: '10.0.0.5' },
    { text: '::1', url: 'tcp://[::1]:2376', context: 'engine___1' },
    { text: '[2001:DB8:0::1]:99', url: 'tcp://[2001:db8::1]:99', context: '2001_db8__1+99' },
    { text: 'bücher.example', url: 'tcp://xn--bcher-kva.example:2376', context: 'xn--bcher-kva.example' },
    { text: 'default', url: 'tcp://default:2376', context: 'engine_default' },
    { text: 'n', url: 'tcp://n:2376', context: 'engine_n' },
    {
      text: `${'a'.repeat(60)}.${'b'.repeat(60)}`,
      url: `tcp://${'a'.repeat(60)}.${'b'.repeat(60)}:2376`,
      context: `${'a'.repeat(55)}_0f7ea3f7`,
    },
  ])('$text', ({ text, url, context }) => {
    const host = parseEngineHost(text);
    expect(host.url).toBe(url);
    expect(contextNameOf(host)).toBe(context);
    expect(parseContextName(context)).toBe(context);
  });

  test.each([
    '',
    'ssh://node1',
    'unix:///run/docker.sock',
    'https://node1',
    'node1:0',
    'node1:65536',
    'node1:',
    'node1:x',
    'a b',
    "x'y",
    'x$(id)',
    'x\ny',
    '[node1]',
    '[DNS:x]',
    '[::1',
    'user@node1',
    'node1/path',
    '-x',
    '*.example.com',
    'fe80::1%eth0',
  ])('%j is refused', (text) => {
    expect(() => parseEngineHost(text)).toThrow(expect.objectContaining({ code: 'BUNDLE_HOST_INVALID' }));
  });
});
