import fs from 'node:fs';
import path from 'node:path';
import { formatSubjectAltName } from '@docker-mtls/ca';
import { beforeEach, expect, test } from '@jest/globals';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';

let ca: TestCa;

beforeEach(async () => {
  ca = await makeTestCa(['issue-server', 'node1', '--san', '10.0.0.1']);
});

async function issue(list: string, ...words: readonly string[]): Promise<Record<string, unknown>> {
  fs.writeFileSync(path.join(ca.folder, 'hosts'), list);
  const { stdout, exitCode } = await ca.run('issue-server', '--names', 'hosts', ...words, '--json');
  return { exitCode, ...(JSON.parse(String(stdout)) as Record<string, unknown>) };
}

async function namesOf(name: string): Promise<readonly string[]> {
  return (await ca.current('server', name)).certificate().info.sans.map(formatSubjectAltName);
}

test('servers of a list get what they lack, each with its names and the loopback ones', async () => {
  const { serial } = await ca.current('server', 'node1');
  expect(await issue('node1\nnode2 10.0.0.2, node2.example.com # the second\n10.0.0.3\n')).toMatchObject({
    exitCode: 0,
    names: 3,
    issued: [{ name: 'node2', directory: path.join(ca.folder, 'ca/servers/node2') }, { name: '10.0.0.3' }],
    kept: ['node1'],
  });
  expect((await ca.current('server', 'node1')).serial).toBe(serial);
  const loopback = ['DNS:localhost', 'IP:127.0.0.1', 'IP:::1'];
  expect(await namesOf('node2')).toEqual(['DNS:node2', 'IP:10.0.0.2', 'DNS:node2.example.com', ...loopback]);
  expect(await issue('node1\nnode2\n', '--force')).toMatchObject({ issued: [{}, {}], kept: [] });
});

test.each([
  ['node1 10.0.0.9\n', [], 'line 1: "node1" was issued without IP:10.0.0.9'],
  ['node2\nNODE2\n', [], 'line 2: "node2" stands on line 1 already'],
  ['node2\n*.example.com\n', [], 'line 2'],
  ['node2 ../../etc\n', [], 'line 1'],
])('the list %j is refused as a whole', async (list, words, says) => {
  expect(await issue(list, ...words)).toMatchObject({
    exitCode: 1,
    error: { code: 'NAMES_INVALID', message: expect.stringContaining(says) },
  });
  await expect(ca.current('server', 'node2')).rejects.toThrow('no server node2');
});

test.each([['node7'], ['--san', 'x'], ['--local'], ['--out', 'o'], ['--apply', '--force']])(
  'what means one server is refused: %s',
  async (...words) => {
    expect(await issue('node2\n', ...words)).toMatchObject({ exitCode: 2, error: { code: 'USAGE' } });
  },
);
