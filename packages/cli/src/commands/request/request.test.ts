import fs from 'node:fs';
import path from 'node:path';
import { readCertificationRequest, readKeyPair } from '@docker-mtls/ca';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../../test/support/temp.ts';
import { fakeIo } from '../../../testing/fake-io.ts';
import { main } from '../../main.ts';
import type { Outcome } from '../../main.ts';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

function run(...argv: readonly string[]): Promise<Outcome> {
  return main(['request', ...argv], fakeIo({ cwd: folder }));
}

function read(name: string): Buffer {
  return fs.readFileSync(path.join(folder, name));
}

test('makes a key for its owner alone, and a request that proves it', async () => {
  const umask = process.umask(0);
  expect(await run('alice')).toMatchObject({ exitCode: 0, stderr: '' });
  process.umask(umask);
  expect(fs.statSync(path.join(folder, 'alice-key.pem')).mode & 0o777).toBe(0o600);
  const request = readCertificationRequest(read('alice.csr'));
  const key = readKeyPair(read('alice-key.pem'));
  expect(request.subjectText).toBe('CN=alice');
  expect(request.publicKey).toEqual(key.publicKey);
});

test('makes the kind of key that is asked for, in the folder that is asked for', async () => {
  await run('alice', '--key-type', 'ed25519', '--out', 'new/place');
  expect(readKeyPair(read('new/place/alice-key.pem')).type).toBe('ed25519');
});

test('says what comes next', async () => {
  const { stdout } = await run('alice');
  expect(stdout).toContain('docker-mtls issue-client alice --csr alice.csr\n');
  expect(stdout).toContain('docker-mtls unbundle alice.tar.gz --key ');
});

describe('never overwrites', () => {
  test.each([['alice-key.pem'], ['alice.csr']])('%s', async (name) => {
    fs.writeFileSync(path.join(folder, name), 'x');
    const { exitCode, stderr } = await run('alice');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('exists already') });
    expect(fs.readdirSync(folder)).toEqual([name]);
    expect(read(name).toString()).toBe('x');
  });
});

test('refuses a name that no certificate can have', async () => {
  expect(await run('../alice')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('not allowed'),
  });
  expect(fs.readdirSync(folder)).toEqual([]);
});
