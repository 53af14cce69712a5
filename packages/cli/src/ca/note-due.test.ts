import fs from 'node:fs';
import path from 'node:path';
import { readStore } from '@docker-mtls/ca-directory';
import { beforeAll, expect, test } from '@jest/globals';
import { NOW } from '../../testing/fake-io.ts';
import { makeTestCa } from '../../testing/make-ca.ts';
import type { TestCa } from '../../testing/make-ca.ts';
import { main } from '../main.ts';

const DAY = 86_400_000;

let ca: TestCa;

beforeAll(async () => {
  ca = await makeTestCa(['issue-server', 'node1', '--days', '90'], ['issue-client', 'alice', '--days', '90']);
  fs.writeFileSync(path.join(ca.folder, 'people.txt'), 'alice\n');
});

/** The warnings of a command that is run some days after the pairs were issued. */
async function warningsAfter(days: number, line: string): Promise<readonly string[]> {
  const notes: string[] = [];
  const now = (): Date => new Date(NOW.getTime() + days * DAY);
  const io = { ...ca.io, now, note: (text: string) => void notes.push(text) };
  const { exitCode, stderr } = await main(line.split(' '), io);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return notes.filter((text) => text.startsWith('warning: ') && text.includes(' ends on '));
}

const ALICE = expect.stringMatching(/client "alice" ends on 2026-04-01 .*, in 29 days: .* renew --kind/u);
const NODE1 = expect.stringMatching(/server "node1" ends on 2026-04-01 .*, in 29 days: .* renew --kind/u);

test.each([
  { line: 'bundle alice --force', warned: [ALICE] },
  { line: 'bundle --names people.txt -o bundles', warned: [ALICE] },
  { line: 'daemon-config --server node1 --config daemon.json', warned: [NODE1] },
  { line: 'secure node1 --client alice --config daemon.json --listen 127.0.0.1:1', warned: [NODE1, ALICE] },
])('$line warns in the last third of a life, and not before', async ({ line, warned }) => {
  expect(await warningsAfter(59, line)).toEqual([]);
  expect(await warningsAfter(61, line)).toEqual(warned);
});

test('secure warns of a CA with fewer than 400 days left', async () => {
  const line = 'secure node1 --client alice --config daemon.json --listen 127.0.0.1:1';
  const reader = await readStore(path.join(ca.folder, 'ca'));
  const [root] = await reader.entries({ kind: 'ca' });
  await reader.close();
  const daysLeft = ((root?.notAfter.getTime() ?? 0) - NOW.getTime()) / DAY;
  expect(await warningsAfter(daysLeft - 401, line)).toEqual([]);
  expect(await warningsAfter(daysLeft - 399, line)).toContainEqual(
    expect.stringMatching(/the CA "docker-mtls CA" ends on .*, in 399 days: every certificate/u),
  );
});
