import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';

// Nothing listens on port 1.
const CONFIG = ['--config', 'daemon.json', '--listen', '0.0.0.0:1'];
const secure = (...words: readonly string[]): readonly string[] => ['secure', 'node1', ...CONFIG, ...words];

function archive({ io }: TestCa, name = 'alice.tar.gz'): string {
  return path.join(io.cwd, name);
}

test('the bundle of secure knows its engine, and unbundle --install makes a context of it', async () => {
  const ca = await makeTestCa();
  const { stdout } = await ca.run(...secure('--client', 'alice'));
  expect(stdout).toContain(
    `+ bundle for alice: ${archive(ca)} (give it to alice in private; there: docker-mtls unbundle alice.tar.gz --install)\n`,
  );
  const laptop = path.join(ca.io.cwd, 'laptop');
  fs.mkdirSync(laptop);
  const io = { ...ca.io, cwd: laptop, env: { HOME: laptop } };
  const opened = await main(['unbundle', archive(ca), '--install', '--json'], io);
  expect(opened.exitCode).toBe(0);
  expect(JSON.parse(String(opened.stdout))).toMatchObject({
    hosts: ['tcp://node1:1'],
    contexts: [expect.anything()],
  });
});

test.each([
  ['of another client', async (ca: TestCa) => ca.run('bundle', 'bob', '-o', 'alice.tar.gz')],
  ['that is no archive', async (ca: TestCa) => fs.writeFileSync(archive(ca), 'a letter')],
  ['that leads nowhere', async (ca: TestCa) => fs.symlinkSync('gone', archive(ca))],
])('a file %s with the name of the bundle stays, and does not stop the renewal', async (_, put) => {
  const ca = await makeTestCa(['issue-client', 'bob']);
  await put(ca);
  const before = fs.lstatSync(archive(ca)).ino;
  const { exitCode, stdout } = await ca.run(...secure('--client', 'alice'));
  expect(exitCode).toBe(0);
  expect(stdout).toContain('+ client alice issued');
  expect(stdout).toContain(
    `- no bundle for alice: ${archive(ca)} exists and holds something else; docker-mtls bundle alice --for tcp://node1:1 -o FILE writes one elsewhere\n`,
  );
  expect(fs.lstatSync(archive(ca)).ino).toBe(before);
});

test('a file that the command line names is not replaced, and nothing is issued', async () => {
  const ca = await makeTestCa(['issue-client', 'bob'], ['bundle', 'bob', '-o', 'mine.tar.gz']);
  const { exitCode, stderr } = await ca.run(...secure('--client', 'alice', '-o', 'mine.tar.gz'));
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: expect.stringContaining('mine.tar.gz exists'),
  });
  expect(fs.existsSync(path.join(ca.io.cwd, 'daemon.json'))).toBe(false);
});
