import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { makeTestCa } from '../../testing/make-ca.ts';
import type { TestCa } from '../../testing/make-ca.ts';
import { main } from '../main.ts';

let ca: TestCa;

const inCa = (...parts: readonly string[]): string => path.join(ca.folder, 'ca', ...parts);

/** What a command leaves that was killed after its commit, right before it put the new pair in force. */
function unpublish(folder: string, serial: string): void {
  const [place = ''] = fs.readdirSync(inCa(folder)).filter((name) => !name.startsWith('.'));
  const generations = fs.readdirSync(inCa(folder, place)).filter((name) => name.startsWith('.gen-'));
  const former = generations.find((name) => name !== `.gen-${serial}`) ?? '';
  fs.rmSync(inCa(folder, place, '.current'));
  fs.symlinkSync(former, inCa(folder, place, '.current'));
  fs.symlinkSync(`.gen-${serial}`, inCa(folder, place, `.next-${serial}`));
}

beforeEach(async () => {
  ca = await makeTestCa(
    ['issue-server', 'node1'],
    ['issue-server', 'node1', '--force'],
    ['issue-client', 'alice', '--days', '30'],
    ['issue-client', 'alice', '--days', '30', '--force'],
  );
});

test.each<[line: string, kinds: readonly ('server' | 'client')[]]>([
  ['bundle alice', ['client']],
  ['bundle alice --for node1', ['client']],
  ['ci export alice --for github', ['client']],
  ['context create node1 --client alice --for node1', ['client']],
  ['daemon-config --server node1 --config daemon.json', ['server']],
  ['secure node1 --client alice --config daemon.json --listen 127.0.0.1:1', ['server', 'client']],
])('%s puts the files in place that a killed command has not', async (line, kinds) => {
  unpublish('servers', (await ca.current('server', 'node1')).serial);
  unpublish('clients', (await ca.current('client', 'alice')).serial);
  expect((await ca.current('client', 'alice')).directory).toBeUndefined();
  const io = { ...ca.io, env: { ...ca.io.env, HOME: ca.folder } };
  expect(await main(line.split(' '), io)).toMatchObject({ exitCode: 0 });
  for (const kind of kinds) {
    const entry = await ca.current(kind, kind === 'server' ? 'node1' : 'alice');
    const name = entry.kind === 'server' ? 'server-cert.pem' : 'cert.pem';
    expect(fs.readFileSync(path.join(entry.directory ?? '', name), 'utf8')).toBe(entry.certificate().pem);
  }
});

test.each(['context update', 'context update node1'])('%s takes the pair that is in force', async (line) => {
  const io = { ...ca.io, env: { ...ca.io.env, HOME: ca.folder } };
  await main('context create node1 --client alice --for node1'.split(' '), io);
  await ca.run('issue-client', 'alice', '--days', '30', '--force');
  unpublish('clients', (await ca.current('client', 'alice')).serial);
  const { stdout } = await main(line.split(' '), io);
  expect(stdout).toBe('node1 (alice): updated\n');
});
