import fs from 'node:fs';
import path from 'node:path';
import { readCertificationRequest, readKeyPair } from '@docker-mtls/ca';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../../test/support/temp.ts';
import { fakeIo } from '../../../testing/fake-io.ts';
import { main } from '../../main.ts';
import type { ProcessOutcome } from '../../outcome.ts';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

function run(...argv: readonly string[]): Promise<ProcessOutcome> {
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

describe('run again', () => {
  test('makes the request for the key that a killed run has made', async () => {
    await run('alice');
    const key = read('alice-key.pem');
    fs.rmSync(path.join(folder, 'alice.csr'));
    expect(await run('alice')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(read('alice-key.pem')).toEqual(key);
    expect(readCertificationRequest(read('alice.csr')).publicKey).toEqual(readKeyPair(key).publicKey);
  });

  test('leaves both files as they are, and reports them', async () => {
    const first = await run('alice');
    const before = [read('alice-key.pem'), read('alice.csr')];
    expect(await run('alice')).toEqual(first);
    expect([read('alice-key.pem'), read('alice.csr')]).toEqual(before);
  });

  test.each<[string, () => Promise<void> | void, readonly string[]]>([
    ['whose kind is not the one that is asked for', () => undefined, ['--key-type', 'ed25519']],
    ['that others can read', () => fs.chmodSync(path.join(folder, 'alice-key.pem'), 0o644), []],
    ['that a link leads to', () => linkKey(), []],
    ['whose request is for another name', () => moveRequest('bob'), []],
  ])('refuses a key %s', async (_, change, options) => {
    await run('alice');
    await change();
    const before = read('alice-key.pem');
    expect(await run('alice', ...options)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('exists already'),
    });
    expect(read('alice-key.pem')).toEqual(before);
  });
});

function linkKey(): void {
  fs.renameSync(path.join(folder, 'alice-key.pem'), path.join(folder, 'other.pem'));
  fs.symlinkSync('other.pem', path.join(folder, 'alice-key.pem'));
}

async function moveRequest(name: string): Promise<void> {
  await run(name);
  fs.renameSync(path.join(folder, `${name}.csr`), path.join(folder, 'alice.csr'));
}

test('refuses a name that no certificate can have', async () => {
  expect(await run('../alice')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('not allowed'),
  });
  expect(fs.readdirSync(folder)).toEqual([]);
});
