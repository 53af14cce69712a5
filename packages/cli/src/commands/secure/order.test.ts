import { describe, expect, test } from '@jest/globals';
import { args, fakeIo } from '../../../testing/fake-io.ts';
import { wantedOf } from './order.ts';

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
