import { beforeAll, describe, expect, test } from '@jest/globals';
import type { PairOrder } from '@docker-mtls/authority';
import { parseSubjectAltName } from '@docker-mtls/ca';
import type { Entry } from '@docker-mtls/ca-directory';
import { args, fakeIo, NOW } from '../../../testing/fake-io.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { wantedOf, whyIssue } from './wanted.ts';

describe('wantedOf', () => {
  test('one server, and each client once', () => {
    const words = { name: 'node1', client: ['alice', 'bob', 'alice'], group: 'ops', days: '7' };
    const { server, clients } = wantedOf(args(words), fakeIo());
    expect(server).toMatchObject({ kind: 'server', name: 'node1', groups: [], lifetime: 7 * 86_400 });
    expect(server.sans.map(({ value }) => value)).toEqual(['node1', 'localhost', '127.0.0.1', '::1']);
    expect(clients.map(({ name }) => name)).toEqual(['alice', 'bob']);
    expect(clients[0]).toMatchObject({ kind: 'client', groups: ['ops'], sans: [], force: false });
  });

  test('two ways to type a name are one client', () => {
    const words = { name: 'node1', client: ['bj\u00f6rn', 'bjo\u0308rn'] };
    expect(wantedOf(args(words), fakeIo()).clients).toHaveLength(1);
  });

  test('somebody has to use the engine', () => {
    expect(() => wantedOf(args({ name: 'node1' }), fakeIo())).toThrow('no client is named');
  });

  test('one bad name among good ones is refused', () => {
    expect(() => wantedOf(args({ name: 'node1', client: ['alice', '../x'] }), fakeIo())).toThrow('"../x"');
  });
});

describe('whyIssue', () => {
  let ca: TestCa;
  let alice: Entry;
  let node1: Entry;
  beforeAll(async () => {
    ca = await makeTestCa(['issue-client', 'alice', '--group', 'ops'], ['issue-server', 'node1']);
    alice = await ca.current('client', 'alice');
    node1 = await ca.current('server', 'node1');
  });

  const order = { groups: [], sans: [], force: false };
  const client: PairOrder = { ...order, kind: 'client', name: 'alice' };
  const server: PairOrder = { ...order, kind: 'server', name: 'node1' };

  test('there was none', () => {
    expect(whyIssue(client, undefined, NOW)).toBe('there was none');
  });

  test('the one there is does', () => {
    expect(whyIssue(client, alice, NOW)).toBeUndefined();
    expect(whyIssue({ ...client, groups: ['ops'] }, alice, NOW)).toBeUndefined();
    const sans = ['node1', 'localhost', '127.0.0.1', '::1'].map((text) => parseSubjectAltName(text));
    expect(whyIssue({ ...server, sans }, node1, NOW)).toBeUndefined();
  });

  test('it had expired, to the second', () => {
    const end = alice.notAfter.getTime();
    expect(whyIssue(client, alice, new Date(end - 1))).toBeUndefined();
    expect(whyIssue(client, alice, new Date(end))).toBe('the old one had expired');
  });

  test('it lacked a name', () => {
    const sans = [parseSubjectAltName('node1'), parseSubjectAltName('10.0.0.5')];
    expect(whyIssue({ ...server, sans }, node1, NOW)).toBe('the old one lacked IP:10.0.0.5');
  });

  test('it lacked a group', () => {
    expect(whyIssue({ ...client, groups: ['ops', 'dev'] }, alice, NOW)).toContain('lacked the group');
  });

  test('its files were gone', () => {
    const { directory: _, ...gone } = alice;
    expect(whyIssue(client, gone, NOW)).toBe('its files were gone');
  });
});
