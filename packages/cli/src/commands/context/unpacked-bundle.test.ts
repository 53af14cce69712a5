import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';
import type { ProcessOutcome } from '../../outcome.ts';

// A laptop: the bundle was unpacked into a folder, and no CA directory is here.

let ca: TestCa;

beforeEach(async () => {
  ca = await makeTestCa(['issue-client', 'alice']);
  await handOut();
});

async function handOut(): Promise<void> {
  await ca.run('bundle', 'alice', '--for', 'node1', '-o', 'alice.tar.gz');
  await ca.run('unbundle', 'alice.tar.gz', '--out', 'alice', '--force');
}

function onLaptop(line: string): Promise<ProcessOutcome> {
  const env = { HOME: path.join(ca.folder, 'home'), DOCKER_MTLS_CA_DIR: path.join(ca.folder, 'no-ca') };
  return main(line.split(' '), { ...ca.io, env });
}

function certificateInContext(): string {
  const tls = path.join(ca.folder, 'home/.docker/contexts/tls');
  const [id = ''] = fs.readdirSync(tls);
  return fs.readFileSync(path.join(tls, id, 'docker/cert.pem'), 'utf8');
}

test('a context is made from the folder, and follows a renewal from there', async () => {
  expect(await onLaptop('context create node1 --client ./alice --for node1')).toMatchObject({ exitCode: 0 });
  const first = certificateInContext();
  expect(first).toBe((await ca.current('client', 'alice')).certificate().pem);
  await ca.run('issue-client', 'alice', '--force');
  await handOut();
  expect(await onLaptop('context update node1 --client ./alice')).toMatchObject({
    exitCode: 0,
    stdout: 'node1 (alice): updated\n',
  });
  expect(certificateInContext()).toBe((await ca.current('client', 'alice')).certificate().pem);
  expect(certificateInContext()).not.toBe(first);
});

test('files that do not belong together change nothing', async () => {
  await onLaptop('context create node1 --client ./alice --for node1');
  const before = certificateInContext();
  await ca.run('issue-client', 'bob');
  fs.copyFileSync(path.join(ca.folder, 'ca/clients/bob/key.pem'), path.join(ca.folder, 'alice/key.pem'));
  const { exitCode, stderr } = await onLaptop('context update node1 --client ./alice');
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('key') });
  expect(certificateInContext()).toBe(before);
});

test('another CA in the folder needs --force', async () => {
  await onLaptop('context create node1 --client ./alice --for node1');
  const other = await makeTestCa(['issue-client', 'alice']);
  const folder = path.join(other.folder, 'ca/clients/alice');
  const line = `context update node1 --client ${folder}`;
  expect(await onLaptop(line)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--force') });
  expect(await onLaptop(`${line} --force`)).toMatchObject({ exitCode: 0 });
});

test('a client by name still needs a CA, and the error names both ways', async () => {
  await onLaptop('context create node1 --client ./alice --for node1');
  expect(await onLaptop('context update node1 --client alice')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(
      /no CA directory is here .*\nhint: .*unbundle FILE --install.*--client \.\/FOLDER/u,
    ),
  });
});
