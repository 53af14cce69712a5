import fs from 'node:fs';
import { expect, test } from '@jest/globals';
import { makeTestCa } from '../../testing/make-ca.ts';
import type { Io } from '../io/io.ts';

const MAC: Partial<Io> = { platform: 'darwin', uid: 501, env: { HOME: '/Users/ada' } };

test.each([
  ['daemon-config'],
  ['daemon-config', '--dry-run'],
  ['secure', 'node1', '--client', 'bob'],
  ['secure', 'node1', '--client', 'bob', '--dry-run'],
])('nothing is made for Docker Desktop: %s %s %s %s %s', async (...argv) => {
  const ca = await makeTestCa(['issue-server', 'node1']);
  const io = { ...ca.io, ...MAC, env: { ...ca.io.env, ...MAC.env } };
  const before = fs.readdirSync(ca.folder, { recursive: true });
  const { main } = await import('../main.ts');
  const { exitCode, stderr } = await main(argv, io);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: expect.stringContaining('hint: secure an engine'),
  });
  expect(fs.readdirSync(ca.folder, { recursive: true })).toEqual(before);
});
