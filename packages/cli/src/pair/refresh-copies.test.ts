import fs from 'node:fs';
import path from 'node:path';
import { openBundle } from '@docker-mtls/bundle/open';
import { readExportedCertificate } from '@docker-mtls/ci';
import { beforeEach, expect, test } from '@jest/globals';
import { NOW } from '../../testing/fake-io.ts';
import { makeTestCa } from '../../testing/make-ca.ts';
import { main } from '../main.ts';
import type { TestCa } from '../../testing/make-ca.ts';

let ca: TestCa;

beforeEach(async () => {
  ca = await makeTestCa(['issue-server', 'node1'], ['issue-client', 'alice'], ['issue-client', 'bob']);
  Object.assign(ca.io.env, { DOCKER_CONFIG: path.join(ca.folder, '.docker') });
});

const inFolder = (name: string): string => path.join(ca.folder, name);

async function run(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout, stderr, exitCode } = await ca.run(...argv, '--json');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(String(stdout)) as Record<string, unknown>;
}

function serialIn(file: string): string {
  return openBundle(fs.readFileSync(file), { now: NOW }).certificate.info.serial;
}

test('contexts of this user that hold the old certificate get the new one', async () => {
  await run('context', 'create', 'tls', '--client', 'alice', '--for', 'node1');
  await run('context', 'create', 'other', '--client', 'bob', '--for', 'node1');
  expect(await run('renew', 'alice')).toMatchObject({
    dependents: [{ kind: 'context', place: 'tls', client: 'alice', refreshed: true }],
    next: [],
  });
  expect(await run('context', 'update')).toMatchObject({
    contexts: [
      { context: 'other', changed: false },
      { context: 'tls', changed: false },
    ],
  });
});

test("a bundle under another client's name is packed again for the one that it is for", async () => {
  await run('bundle', 'alice', '-o', 'bob.tar.gz');
  expect(await run('renew', '--all', '--kind', 'client')).toMatchObject({
    dependents: [{ kind: 'bundle', place: inFolder('bob.tar.gz'), client: 'alice', refreshed: true }],
  });
  expect(serialIn(inFolder('bob.tar.gz'))).toBe((await ca.current('client', 'alice')).serial);
});

test.each([
  ['alice.tar.gz', []],
  ['pwd-client-certs', ['--layout', 'pwd']],
  ['alice.tar.gz', ['--for', 'node1', '--for', '10.0.0.5:2377']],
  ['alice.zip', ['--for', 'node1', '--format', 'zip']],
  ['alice.dockercontext', ['--for', 'node1', '--layout', 'context']],
  ['for-her.tar.gz', ['-o', 'for-her.tar.gz']],
  ['bob.zip', ['--for', 'node1', '--format', 'zip', '-o', 'bob.zip']],
])('the bundle %s, made with %j, is packed again as it was', async (name, words) => {
  await run('bundle', 'alice', ...words);
  const before = openBundle(fs.readFileSync(inFolder(name)), { now: NOW });
  expect(await run('renew', 'alice')).toMatchObject({
    dependents: [{ kind: 'bundle', place: inFolder(name), client: 'alice', refreshed: true }],
    next: [],
  });
  const { layout, hosts } = openBundle(fs.readFileSync(inFolder(name)), { now: NOW });
  expect({ layout, hosts }).toEqual({ layout: before.layout, hosts: before.hosts });
  expect(serialIn(inFolder(name))).toBe((await ca.current('client', 'alice')).serial);
  expect(fs.statSync(inFolder(name)).mode & 0o777).toBe(0o600);
});

test('a bundle of a renewed CA is packed again, though its certificate is older than that of the CA', async () => {
  Object.assign(ca.io, { now: () => new Date(NOW.getTime() + 86_400_000) });
  await run('ca', 'renew');
  await run('bundle', 'alice', '--for', 'node1');
  expect(await run('renew', 'alice')).toMatchObject({ dependents: [{ client: 'alice', refreshed: true }] });
});

test('what is locked is listed, and what is no bundle of that client stays as it is', async () => {
  await run('bundle', 'bob');
  fs.renameSync(inFolder('bob.tar.gz'), inFolder('alice.tar.gz'));
  fs.writeFileSync(inFolder('alice.zip'), 'notes');
  fs.writeFileSync(inFolder('alice.tar.gz.age'), 'age-encryption.org/v1');
  const before = fs.readFileSync(inFolder('alice.tar.gz'));
  fs.writeFileSync(inFolder('alice.p12'), 'x');
  const age = 'docker-mtls bundle alice --for HOST --encrypt --force';
  const p12 = 'docker-mtls bundle alice --p12 --force';
  expect(await run('renew', 'alice')).toMatchObject({
    dependents: [
      { place: inFolder('alice.tar.gz.age'), refreshed: false, next: age },
      { place: inFolder('alice.p12'), refreshed: false, next: p12 },
    ],
    next: [age, p12],
  });
  expect(fs.readFileSync(inFolder('alice.tar.gz'))).toEqual(before);
  expect(fs.readFileSync(inFolder('alice.zip'), 'utf8')).toBe('notes');
});

test('credentials that were exported for a server are written again, for the environment that they are for', async () => {
  const engines = ['--engine', 'uat=node1', '--engine', 'prod=10.0.0.5'];
  await run('ci', 'export', 'robot', '--for', 'github', ...engines);
  await run('ci', 'export', 'robot2', '--for', 'gitlab', '--out', '.');
  const { dependents } = await run('renew', 'robot', 'robot2', 'alice');
  const folders = ['credentials/robot2', 'docker-mtls-ci/credentials/prod', 'docker-mtls-ci/credentials/uat'];
  expect(dependents).toEqual(
    folders.map((folder) => ({
      kind: 'ci',
      place: inFolder(folder),
      client: folder.includes('robot2') ? 'robot2' : 'robot',
      refreshed: true,
      next: expect.stringContaining('README.md'),
    })),
  );
  const secret = fs.readFileSync(inFolder('docker-mtls-ci/credentials/uat/DOCKER_MTLS_BUNDLE'));
  expect(readExportedCertificate('github', secret)?.info.serial).toBe(
    (await ca.current('client', 'robot')).serial,
  );
});

test('what was written into another folder is found from anywhere, and by status too', async () => {
  fs.writeFileSync(inFolder('people'), 'alice\n');
  await run('bundle', '--names', 'people', '--for', 'node1', '-o', 'handed');
  await run('ci', 'export', 'robot', '--for', 'gitlab', '--out', 'exported');
  const elsewhere = { ...ca.io, cwd: inFolder('elsewhere') };
  fs.mkdirSync(elsewhere.cwd);
  const places = [inFolder('handed/alice.tar.gz'), inFolder('exported/credentials/robot')];
  const told = async (...argv: readonly string[]): Promise<string> =>
    String((await main([...argv, '--ca-dir', inFolder('ca')], elsewhere)).stdout);
  expect(JSON.parse(await told('status', '--json'))).toMatchObject({
    copies: places.toReversed().map((place) => ({ place })),
  });
  await run('issue-client', 'alice', '--force');
  expect(await told('status')).toContain(` alice --for node1:2376 -o ${String(places[0])}\n`);
  expect(JSON.parse(await told('renew', 'alice', 'robot', '--json'))).toMatchObject({
    dependents: places.map((place) => ({ place, refreshed: true })),
  });
  expect(serialIn(String(places[0]))).toBe((await ca.current('client', 'alice')).serial);
});

test('a folder that copies were written into, and that is no folder any more, keeps no other from being refreshed', async () => {
  await run('ci', 'export', 'robot', '--for', 'gitlab', '--out', 'a');
  await run('ci', 'export', 'robot', '--for', 'gitlab', '--out', 'b');
  fs.rmSync(inFolder('a'), { recursive: true });
  fs.writeFileSync(inFolder('a'), '');
  expect(await run('renew', 'robot')).toMatchObject({
    dependents: [{ place: inFolder('b/credentials/robot'), refreshed: true }],
  });
});
