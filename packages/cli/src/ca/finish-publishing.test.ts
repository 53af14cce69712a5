import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { makeTestCa } from '../../testing/make-ca.ts';
import type { TestCa } from '../../testing/make-ca.ts';
import { main } from '../main.ts';

let ca: TestCa;

const inCa = (...parts: readonly string[]): string => path.join(ca.folder, 'ca', ...parts);

/** What a command leaves that was killed after its commit, before it moved the old pair aside. */
function unpublish(folder: string, serial: string, former = ''): void {
  const superseded = fs.readdirSync(inCa(folder, '.superseded')).find((name) => name.endsWith(former)) ?? '';
  const [place = ''] = fs.readdirSync(inCa(folder)).filter((name) => !name.startsWith('.'));
  fs.renameSync(inCa(folder, place), inCa(folder, '.staged', serial));
  fs.renameSync(inCa(folder, '.superseded', superseded), inCa(folder, place));
}

beforeEach(async () => {
  ca = await makeTestCa(
    ['issue-server', 'node1'],
    ['issue-server', 'node1', '--force'],
    ['issue-client', 'alice', '--days', '30'],
    ['issue-client', 'alice', '--days', '30', '--force'],
  );
});

test.each([
  'bundle alice',
  'bundle alice --for node1',
  'ci export alice --for github',
  'context create node1 --client alice --for node1',
  'daemon-config --server node1 --config daemon.json',
  'secure node1 --client alice --config daemon.json --listen 127.0.0.1:1',
])('%s puts the files in place that a killed command has not', async (line) => {
  const [server, client] = [ca.current('server', 'node1'), ca.current('client', 'alice')];
  unpublish('servers', server.serial);
  unpublish('clients', client.serial);
  expect(ca.current('client', 'alice').directory).toBeUndefined();
  const io = { ...ca.io, env: { ...ca.io.env, HOME: ca.folder } };
  expect(await main(line.split(' '), io)).toMatchObject({ exitCode: 0 });
  for (const entry of [ca.current('server', 'node1'), ca.current('client', 'alice')]) {
    const name = entry.kind === 'server' ? 'server-cert.pem' : 'cert.pem';
    expect(fs.readFileSync(path.join(entry.directory ?? '', name), 'utf8')).toBe(entry.certificate().pem);
  }
});

test.each(['context update', 'context update node1'])('%s takes the pair that is in force', async (line) => {
  const io = { ...ca.io, env: { ...ca.io.env, HOME: ca.folder } };
  await main('context create node1 --client alice --for node1'.split(' '), io);
  const former = ca.current('client', 'alice');
  await ca.run('issue-client', 'alice', '--days', '30', '--force');
  unpublish('clients', ca.current('client', 'alice').serial, former.serial);
  const { stdout } = await main(line.split(' '), io);
  expect(stdout).toBe('node1 (alice): updated\n');
});
