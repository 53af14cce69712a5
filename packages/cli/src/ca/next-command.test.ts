import { beforeAll, expect, test } from '@jest/globals';
import { makeTestCa } from '../../testing/make-ca.ts';
import type { TestCa } from '../../testing/make-ca.ts';

let ca: TestCa;
beforeAll(async () => {
  ca = await makeTestCa();
});

/** Commands that come next are at the ends of lines, or between commas. */
async function nextOf(line: string): Promise<readonly string[]> {
  const { stdout } = await ca.run(...line.split(' '), '--ca-dir', 'ca');
  return String(stdout).match(/docker-mtls (?:ca |bundle|renew|daemon-config|issue)[^\n,]*/g) ?? [];
}

test.each([
  ['issue-server node1'],
  ['issue-client alice'],
  ['renew alice'],
  ['ca renew'],
  ['ca rotate prepare'],
  ['ca rotate switch'],
  ['ca rotate status'],
  ['ca rotate retire alice node1'],
])('the commands that come after %s are about the CA directory that was named', async (line) => {
  const next = await nextOf(line);
  expect(next.length).toBeGreaterThan(0);
  expect(next.filter((command) => !command.endsWith(' --ca-dir ca'))).toEqual([]);
});
