import fs from 'node:fs';
import path from 'node:path';
import { openBundle } from '@docker-mtls/bundle/open';
import { readCertificates, readCrl, readCrls } from '@docker-mtls/ca';
import { readContext } from '@docker-mtls/context';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { treeOf } from '../../../../../test/support/tree.ts';
import { NOW } from '../../../testing/fake-io.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';

let ca: TestCa;

beforeEach(async () => {
  ca = await makeTestCa(['issue-server', 'node1'], ['issue-client', 'alice'], ['issue-client', 'bob']);
});

const inCa = (...names: readonly string[]): string => path.join(ca.folder, 'ca', ...names);

async function answer(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout, exitCode } = await ca.run(...argv, '--json');
  return { ...(JSON.parse(String(stdout)) as Record<string, unknown>), exitCode };
}

async function all(...commands: readonly string[]): Promise<void> {
  for (const command of commands) expect(await answer(...command.split(' '))).toMatchObject({ exitCode: 0 });
}

function rootNames(...file: readonly string[]): readonly (string | undefined)[] {
  return readCertificates(fs.readFileSync(inCa(...file))).map(({ info }) => info.subject.commonName);
}

async function issuerOf(name: string): Promise<string | undefined> {
  return (await ca.current('client', name)).certificate().info.issuer.commonName;
}

const OLD = 'docker-mtls CA';
const NEW = 'docker-mtls CA G2';

test('each stage hands out the roots that go with it, and only a switch changes who signs', async () => {
  await all('ca rotate prepare');
  for (const file of [['ca.pem'], ['clients', 'alice', 'ca.pem'], ['servers', 'node1', 'ca.pem']])
    expect(rootNames(...file)).toEqual([NEW, OLD]);
  await all('issue-client carol');
  expect(await issuerOf('carol')).toBe(OLD);
  await all('ca rotate switch', 'issue-client dora', 'renew alice bob node1 carol');
  for (const name of ['alice', 'bob', 'carol', 'dora']) expect(await issuerOf(name)).toBe(NEW);
  expect(rootNames('clients', 'dora', 'ca.pem')).toEqual([NEW, OLD]);
  await all('ca rotate retire alice bob node1 carol');
  for (const file of [['ca.pem'], ['clients', 'alice', 'ca.pem'], ['servers', 'node1', 'ca.pem']])
    expect(rootNames(...file)).toEqual([NEW]);
  expect(fs.readdirSync(inCa('private'))).toEqual([expect.stringMatching(/^[0-9a-f]{40}\.pem$/u)]);
  await all('ca check', 'issue-client emil', 'ca renew', 'ca rotate prepare', 'ca check');
  expect(rootNames('ca.pem')).toEqual(['docker-mtls CA G3', NEW]);
});

test('more engines and clients than a screen shows are said to be more', async () => {
  fs.writeFileSync(
    path.join(ca.folder, 'people.txt'),
    Array.from({ length: 20 }, (_, at) => `n${at}\n`).join(''),
  );
  await all(`issue-client --names ${path.join(ca.folder, 'people.txt')}`);
  const { next } = await answer('ca', 'rotate', 'prepare');
  expect(next).toHaveLength(22);
  expect(next).toEqual(expect.arrayContaining([expect.stringMatching(/^# and so on .*: docker-mtls list/u)]));
});

test('what a serial number alone is known of is on the lists of both keys', async () => {
  await all('ca rotate prepare', 'ca rotate switch', 'revoke 0x4455 --yes');
  const lists = readCrls(fs.readFileSync(inCa('crl.pem')));
  expect(lists.map(({ revoked }) => revoked.map(({ serial }) => serial))).toEqual([['4455'], ['4455']]);
});

test('the old key is not retired while one of its certificates is valid, but for those who are named', async () => {
  await all('ca rotate prepare', 'ca rotate switch', 'renew alice');
  const { holders } = await answer('ca', 'rotate', 'status');
  expect(holders).toMatchObject([
    { kind: 'server', name: 'node1', replaced: false },
    { kind: 'client', name: 'alice', replaced: true },
    { kind: 'client', name: 'bob', replaced: false },
  ]);
  expect(await answer('ca', 'rotate', 'retire', 'bob', 'node1')).toMatchObject({
    exitCode: 1,
    error: { code: 'ROTATION_HOLDERS', message: expect.stringContaining('client "alice"') },
  });
  const [, { serial }] = holders as readonly [unknown, { readonly serial: string }];
  await all(`revoke ${serial} --yes`, 'revoke bob --yes');
  expect(await answer('ca', 'rotate', 'retire', 'node1')).toMatchObject({
    exitCode: 0,
    cutOff: [{ kind: 'server', name: 'node1' }],
  });
  const { events } = (await answer('ca', 'log', '--last', '1')) as {
    events: readonly Record<string, unknown>[];
  };
  expect(events).toMatchObject([{ action: 'ca.rotation-retired', detail: { cutOff: 'server node1' } }]);
});

test('each trusted key has a list of its own, and a certificate is on that of the key that issued it', async () => {
  await all('ca rotate prepare', 'ca rotate switch', 'renew alice', 'revoke alice --yes');
  const lists = readCrls(fs.readFileSync(inCa('crl.pem')));
  const [oldRoot, newRoot] = readCertificates(fs.readFileSync(inCa('ca.pem'))).toReversed();
  const of = (root: typeof oldRoot) =>
    lists.find(({ authorityKeyId }) => authorityKeyId === root?.info.keyId);
  expect(of(oldRoot)).toMatchObject({ number: 2n, revoked: [{}] });
  expect(of(newRoot)).toMatchObject({ number: 2n, revoked: [{}] });
  expect(await answer('crl')).toMatchObject({ number: '3', others: [{ number: '3' }] });
  expect(await answer('crl', 'show')).toMatchObject({
    revoked: [{ name: 'alice' }],
    others: [{ stale: false }],
  });
  await all('renew bob node1', 'ca rotate retire alice bob node1');
  expect(readCrls(fs.readFileSync(inCa('crl.pem')))).toHaveLength(1);
});

test.each([
  ['ca rotate prepare --dry-run', []],
  ['ca rotate switch --dry-run', ['ca rotate prepare']],
  ['ca rotate retire alice bob node1 --dry-run', ['ca rotate prepare', 'ca rotate switch']],
])('%s changes nothing', async (command, before) => {
  await all(...before);
  const tree = treeOf(inCa());
  expect(await answer(...command.split(' '))).toMatchObject({ exitCode: 0, dryRun: true });
  expect(treeOf(inCa())).toEqual(tree);
});

test.each([
  ['ca rotate switch', [], 'ROTATION_NOT_PREPARED'],
  ['ca rotate retire', [], 'ROTATION_NOT_SWITCHED'],
  ['ca rotate prepare', ['ca rotate prepare'], 'CA_DIRECTORY_ROTATING'],
  ['ca rotate prepare --dry-run', ['ca rotate prepare'], 'CA_DIRECTORY_ROTATING'],
  ['ca rotate retire', ['ca rotate prepare'], 'ROTATION_NOT_SWITCHED'],
  ['ca rotate switch', ['ca rotate prepare', 'ca rotate switch'], 'ROTATION_NOT_PREPARED'],
  ['ca rotate prepare', ['ca rotate prepare', 'ca rotate switch'], 'CA_DIRECTORY_ROTATING'],
  ['ca rotate retire nobody', ['ca rotate prepare', 'ca rotate switch'], 'NOT_ISSUED'],
])('%s after %j is refused', async (command, before, code) => {
  await all(...before);
  const tree = treeOf(inCa('private'));
  expect(await answer(...command.split(' '))).toMatchObject({ exitCode: 1, error: { code } });
  expect(treeOf(inCa('private'))).toEqual(tree);
});

test('both keys have the passphrase of the first, which is changed for both', async () => {
  fs.writeFileSync(path.join(ca.folder, 'one'), 'one', { mode: 0o600 });
  fs.writeFileSync(path.join(ca.folder, 'two'), 'two', { mode: 0o600 });
  await all(
    'ca passphrase --new-passphrase-file one',
    'ca rotate prepare --passphrase-file one',
    'ca passphrase --passphrase-file one --new-passphrase-file two',
    'ca rotate switch --passphrase-file two',
    'revoke bob --yes --passphrase-file two',
    'ca check --passphrase-file two',
  );
  expect(await answer('issue-client', 'zoe', '--passphrase-file', 'one')).toMatchObject({
    error: { code: 'CA_PASSPHRASE_WRONG' },
  });
});

test('a backup from the middle of a rotation brings both keys back', async () => {
  await all('ca rotate prepare', 'ca rotate switch', 'ca backup b --plaintext');
  await all('ca restore b --ca-dir again --crl ca/crl.pem', 'ca check --ca-dir again', 'crl --ca-dir again');
  expect(await answer('ca', 'rotate', 'status', '--ca-dir', 'again')).toMatchObject({ stage: 'switched' });
});

test('what is on the lists of two keys, and not on record, stays on both after a restore', async () => {
  await all('ca rotate prepare', 'ca rotate switch', 'ca backup b --plaintext', 'revoke 0x12345678 --yes');
  await all('ca restore b --ca-dir again --crl ca/crl.pem');
  const lists = readCrls(fs.readFileSync(path.join(ca.folder, 'again/crl.pem')));
  expect(lists.map(({ revoked }) => revoked.map(({ serial }) => serial))).toEqual([
    ['12345678'],
    ['12345678'],
  ]);
  await all('ca rotate retire alice bob node1 --ca-dir again');
  expect(readCrl(fs.readFileSync(path.join(ca.folder, 'again/crl.pem'))).revoked).toMatchObject([
    { serial: '12345678' },
  ]);
});

test('a prepared key that has ended meanwhile, or has not begun, is warned of', async () => {
  await all('ca rotate prepare --days 5');
  const notes: string[] = [];
  const later = {
    ...ca.io,
    now: () => new Date(NOW.getTime() + 6 * 86_400_000),
    note: (line: string) => void notes.push(line),
  };
  for (const words of [['--dry-run'], []]) await main(['ca', 'rotate', 'switch', ...words], later);
  expect(notes).toEqual([1, 2].map(() => expect.stringMatching(/new key ended .* docker-mtls ca renew$/u)));
});

test('a key of another kind can be prepared, and the CA renewed meanwhile', async () => {
  await all(
    'ca rotate prepare --key-type ed25519 --days 100',
    'ca renew',
    'ca check',
    'ca rotate switch',
    'ca renew',
  );
  const { signing } = await answer('ca', 'rotate', 'status');
  expect(signing).toMatchObject({ name: NEW });
  await all('issue-client zoe', 'ca check');
});

const inFolder = (name: string): string => path.join(ca.folder, name);

function namesIn(pem: string | Buffer | undefined): readonly unknown[] {
  return readCertificates(Buffer.from(pem ?? '')).map(({ info }) => info.subject.commonName);
}

const inContext = (): readonly unknown[] => namesIn(readContext(inFolder('.docker'), 'n1').tls.ca);
const inBundle = (): readonly unknown[] =>
  namesIn(openBundle(fs.readFileSync(inFolder('alice.tar.gz')), { now: 'any' }).files.ca);

describe('copies of pairs', () => {
  beforeEach(async () => {
    Object.assign(ca.io.env, { DOCKER_CONFIG: inFolder('.docker') });
    await all('context create n1 --client alice --for node1', 'bundle alice --for node1');
  });

  test('get the roots of each stage', async () => {
    await all('ca rotate prepare');
    expect([inContext(), inBundle()]).toEqual([
      [NEW, OLD],
      [NEW, OLD],
    ]);
    await all('ca rotate switch', 'renew --all', 'ca rotate retire alice bob node1');
    expect([inContext(), inBundle()]).toEqual([[NEW], [NEW]]);
    await all('ca renew');
    expect(await answer('context', 'update')).toMatchObject({ contexts: [{ changed: false }] });
  });

  test('of somebody else get them by context update', async () => {
    const config = inFolder('.docker');
    Object.assign(ca.io.env, { DOCKER_CONFIG: inFolder('nobody') });
    await all('ca rotate prepare');
    Object.assign(ca.io.env, { DOCKER_CONFIG: config });
    expect(inContext()).toEqual([OLD]);
    expect(await answer('context', 'update')).toMatchObject({ contexts: [{ changed: true }] });
    expect(inContext()).toEqual([NEW, OLD]);
  });
});
