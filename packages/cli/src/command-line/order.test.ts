import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { args, fakeIo } from '../../testing/fake-io.ts';
import type { Io } from '../io/io.ts';
import { csrOf, groupsOf, keyTypeOf, lifetimeOf, serverNameOf, serverNamesOf } from './order.ts';

const DAY = 86_400;

test.each([
  [{}, undefined],
  [{ days: '7' }, 7 * DAY],
  [{ ttl: '12h' }, DAY / 2],
])('lifetimeOf %j is %j seconds', (words, seconds) => {
  expect(lifetimeOf(args(words))).toBe(seconds);
});

test('two lifetimes are refused', () => {
  expect(() => lifetimeOf(args({ days: '7', ttl: '12h' }))).toThrow(
    expect.objectContaining({ code: 'CA_LIFETIME_INVALID' }),
  );
});

test('keyTypeOf leaves the choice to the profile', () => {
  expect(keyTypeOf(args())).toBeUndefined();
  expect(keyTypeOf(args({ 'key-type': 'ed25519' }))).toBe('ed25519');
});

test('groupsOf checks each group', () => {
  expect(groupsOf(args({ group: ['dev', 'ops'] }))).toEqual(['dev', 'ops']);
  expect(() => groupsOf(args({ group: ['dev', 'a b'] }))).toThrow('"a b"');
});

describe('csrOf', () => {
  test('is the bytes of the file, from here', () => {
    const cwd = temporaryFolder();
    fs.writeFileSync(path.join(cwd, 'request.pem'), 'bytes');
    expect(csrOf(args({ csr: 'request.pem' }), fakeIo({ cwd }))?.toString()).toBe('bytes');
    expect(csrOf(args(), fakeIo())).toBeUndefined();
  });

  test('excludes a type of key, before the file is read', () => {
    const words = args({ csr: 'missing.pem', 'key-type': 'ec-p256' });
    expect(() => csrOf(words, fakeIo())).toThrow(expect.objectContaining({ name: 'UsageError' }));
  });
});

const machine: Io['machine'] = () => ({
  hostNames: ['desk.example.com', 'desk', 'my_desk'],
  addresses: ['10.0.0.7', '2001:db8::7'],
});

function namesOf(words: Record<string, unknown>): { name: string; sans: readonly string[] } {
  const { name, sans } = serverNamesOf(args(words), fakeIo({ machine }));
  return { name, sans: sans.map(({ value }) => value) };
}

describe('serverNamesOf', () => {
  const loopback = ['localhost', '127.0.0.1', '::1'];
  const here = ['desk.example.com', 'desk', '10.0.0.7', '2001:db8::7'];

  test.each([
    { why: 'the name, and the loopback', words: { name: 'node1' }, name: 'node1', sans: loopback },
    {
      why: 'the other names after it',
      words: { name: 'Node1', san: ['10.0.0.5', 'node1', 'LOCALHOST'] },
      name: 'node1',
      sans: ['10.0.0.5', ...loopback],
    },
    {
      why: "this machine's, with --local",
      words: { name: 'node1', local: true },
      name: 'node1',
      sans: [...here, ...loopback],
    },
    {
      why: 'this machine, without a name',
      words: { san: '10.0.0.5' },
      name: 'desk.example.com',
      sans: ['10.0.0.5', ...here.slice(1), ...loopback],
    },
    { why: 'an address', words: { name: '::1' }, name: '::1', sans: ['localhost', '127.0.0.1'] },
    {
      why: 'a wildcard, where it is allowed',
      words: { name: '*.example.com', 'allow-wildcard': true },
      name: '*.example.com',
      sans: loopback,
    },
  ])('$why', ({ words, name, sans }) => {
    const found = namesOf(words);
    expect(found.name).toBe(name);
    expect([...found.sans].toSorted()).toEqual([name, ...sans].toSorted());
    expect(found.sans[0]).toBe(name);
  });

  test('a wildcard needs its flag, as a name and beside one', () => {
    expect(() => namesOf({ name: '*.example.com' })).toThrow('wildcard');
    expect(() => namesOf({ name: 'node1', san: '*.example.com' })).toThrow('wildcard');
  });

  test('a machine without a usable name needs one given', () => {
    const nameless = fakeIo({ machine: () => ({ hostNames: ['my_desk'], addresses: [] }) });
    expect(() => serverNamesOf(args(), nameless)).toThrow(
      expect.objectContaining({ name: 'UsageError', hint: 'give the NAME of the server' }),
    );
  });
});

test.each([
  ['Node1.Example.COM', 'node1.example.com'],
  ['DNS:node1', 'node1'],
  ['2001:DB8:0::5', '2001:db8::5'],
  ['*.example.com', '*.example.com'],
  ['b\u00fccher.example', 'xn--bcher-kva.example'],
])('serverNameOf %s is %s', (text, name) => {
  expect(serverNameOf(text)).toBe(name);
});
