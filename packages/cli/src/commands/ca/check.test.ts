import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { generateKeyPair, privateKeyToPem } from '@docker-mtls/ca';
import { Connection } from '@docker-mtls/registry';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../../test/support/temp.ts';
import { treeOf } from '../../../../../test/support/tree.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';

let ca: TestCa;

beforeEach(async () => {
  ca = await makeTestCa(
    ['issue-server', 'node1'],
    ['issue-client', 'alice'],
    ['issue-client', 'alice', '--force'],
  );
});

const inCa = (...names: readonly string[]): string => path.join(ca.folder, 'ca', ...names);

type Answer = {
  readonly exitCode: number;
  readonly findings: readonly { readonly id: string; readonly message: string }[];
  readonly repaired?: readonly string[];
};

async function answer(...argv: readonly string[]): Promise<Answer> {
  const { stdout, exitCode } = await ca.run(...argv, '--json');
  return { ...(JSON.parse(String(stdout)) as Omit<Answer, 'exitCode'>), exitCode };
}

async function found(): Promise<readonly string[]> {
  const { findings, exitCode } = await answer('ca', 'check');
  expect(exitCode).toBe(findings.length === 0 ? 0 : 3);
  return findings.map(({ id }) => id);
}

function sql(text: string): void {
  const registry = new Connection(inCa('registry.db'));
  registry.execute(text);
  registry.close();
}

const PAIR = 'clients/alice';

type Damage = readonly [what: string, id: string, damage: () => void];

/** What the registry has, and can be had again. */
const REPAIRABLE: readonly Damage[] = [
  ['ca.pem was removed', 'DM208', () => fs.rmSync(inCa('ca.pem'))],
  ['ca.pem was changed', 'DM209', () => fs.appendFileSync(inCa('ca.pem'), 'x')],
  ['ca.pem is a pipe', 'DM209', () => exchange('ca.pem', pipe)],
  ['crl.pem is a pipe', 'DM209', () => exchange('crl.pem', pipe)],
  ["a pair's certificate is a pipe", 'DM209', () => exchange(`${PAIR}/.current/cert.pem`, pipe)],
  ['crl.pem was removed', 'DM208', () => fs.rmSync(inCa('crl.pem'))],
  ['crl.pem was changed', 'DM209', () => fs.writeFileSync(inCa('crl.pem'), 'x')],
  ["a pair's certificate was removed", 'DM208', () => fs.rmSync(fs.realpathSync(inCa(PAIR, 'cert.pem')))],
  ["a pair's certificate was emptied", 'DM209', () => fs.writeFileSync(inCa(PAIR, 'cert.pem'), '')],
  ["a pair's ca.pem was removed", 'DM208', () => fs.rmSync(fs.realpathSync(inCa(PAIR, 'ca.pem')))],
  ["a pair's ca.pem was changed", 'DM209', () => fs.appendFileSync(inCa(PAIR, 'ca.pem'), 'x')],
  ["others can read a pair's key", 'DM206', () => fs.chmodSync(inCa(PAIR, 'key.pem'), 0o640)],
  ['others can read the CA key', 'DM203', () => fs.chmodSync(inCa('private/ca-key.pem'), 0o644)],
  ['others can enter the folder of the CA key', 'DM203', () => fs.chmodSync(inCa('private'), 0o755)],
  ['others can write to the directory', 'DM201', () => fs.chmodSync(inCa(), 0o770)],
  ['others can write to the registry', 'DM207', () => fs.chmodSync(inCa('registry.db'), 0o666)],
  ['others can write to a profile', 'DM207', () => fs.chmodSync(inCa('profiles/ca.json'), 0o666)],
  ['roots have yet to be published', 'DM212', () => sql('INSERT INTO roots_due VALUES (1)')],
  ['a list has yet to be published', 'DM212', () => sql('UPDATE revocation_lists SET published = 0')],
  [
    'a rotation was killed before its commit',
    'DM212',
    () => fs.writeFileSync(inCa('private', `${'ab'.repeat(20)}.pem`), 'a key', { mode: 0o600 }),
  ],
];

/** Puts something else than a file where one is. */
function exchange(name: string, make: (file: string) => void): void {
  fs.rmSync(inCa(name), { force: true });
  make(inCa(name));
}

const pipe = (file: string): void => void spawnSync('mkfifo', ['-m', '600', file]);

/** What is gone, and only a backup or a person has. */
const LOST: readonly Damage[] = [
  ['the CA key is gone', 'DM204', () => fs.rmSync(inCa('private/ca-key.pem'))],
  [
    'the CA key is another one',
    'DM229',
    () => fs.writeFileSync(inCa('private/ca-key.pem'), privateKeyToPem(generateKeyPair('ec-p256'))),
  ],
  ['crl.pem is a folder', 'DM209', () => exchange('crl.pem', (file) => fs.mkdirSync(file, { mode: 0o700 }))],
  ["a pair's key is a pipe", 'DM209', () => exchange(`${PAIR}/.current/key.pem`, pipe)],
  ['the CA key is none', 'DM229', () => fs.writeFileSync(inCa('private/ca-key.pem'), 'x')],
  [
    "a pair's key is another one",
    'DM230',
    () => fs.writeFileSync(inCa(PAIR, 'key.pem'), privateKeyToPem(generateKeyPair('ec-p256'))),
  ],
  ["a pair's key was removed", 'DM233', () => fs.rmSync(inCa(PAIR, 'key.pem'))],
  ["a pair's key was removed where it lies", 'DM233', () => fs.rmSync(inCa(PAIR, '.current/key.pem'))],
  [
    'an empty folder is among the pairs',
    'DM234',
    () => fs.mkdirSync(inCa('clients/mallory'), { mode: 0o700 }),
  ],
  ['a file is among the pairs', 'DM234', () => fs.writeFileSync(inCa('servers/notes'), '', { mode: 0o600 })],
  ["a pair's folder is gone", 'DM210', () => fs.rmSync(inCa(PAIR), { recursive: true })],
  ['a profile is no JSON', 'DM211', () => fs.writeFileSync(inCa('profiles/client.json'), '{')],
  [
    'the log was changed',
    'DM232',
    () => sql(`DROP TRIGGER events_are_not_changed; UPDATE events SET operator = 'x' WHERE id = 2`),
  ],
  [
    'the log was cut',
    'DM232',
    () => sql(`DROP TRIGGER events_are_not_removed; DELETE FROM events WHERE id > 2`),
  ],
];

test('what is found has a hint, as elsewhere', async () => {
  fs.rmSync(inCa('private/ca-key.pem'));
  expect((await ca.run('ca', 'check')).stdout).toMatch(
    /^DM204 error: .*\n {2}hint: restore a backup .*\n1 finding\n$/,
  );
});

test('the folder of a pair whose files were kept, and one that is replaced, are no strangers', async () => {
  await ca.run('revoke', 'alice', '--yes', '--keep-files');
  await ca.run('issue-client', 'bob');
  expect(await found()).toEqual([]);
});

test('a key that was made elsewhere is not missing', async () => {
  await ca.run('request', 'carol', '--out', 'carol');
  expect(await ca.run('issue-client', 'carol', '--csr', 'carol/carol.csr')).toMatchObject({ exitCode: 0 });
  expect(await found()).toEqual([]);
});

test('a directory that commands have made has no findings, and checking it changes nothing', async () => {
  await ca.run('revoke', 'alice', '--yes');
  await ca.run('ca', 'renew');
  const before = treeOf(inCa());
  expect(await answer('ca', 'check')).toMatchObject({ exitCode: 0, findings: [] });
  expect(treeOf(inCa())).toEqual(before);
  expect(await answer('ca', 'repair')).toMatchObject({ exitCode: 0, repaired: [], findings: [] });
});

test('of many findings of one kind the first are printed, the rest is counted, and --json has all', async () => {
  for (const name of Array.from({ length: 12 }, (_, at) => `n${at}`)) {
    fs.mkdirSync(inCa('clients', name), { mode: 0o700 });
    fs.chmodSync(inCa('clients', name), 0o777);
  }
  const { stdout } = await ca.run('ca', 'check');
  const lines = String(stdout).split('\n');
  expect(lines.filter((line) => line.startsWith('DM207 error'))).toHaveLength(10);
  expect(lines).toContain('DM207: 2 more, which --json lists');
  const { findings } = await answer('ca', 'check');
  expect(findings.filter(({ id }) => id === 'DM207')).toHaveLength(12);
});

describe('is found, and repaired', () => {
  test.each(REPAIRABLE)('%s', async (what, id, damage) => {
    damage();
    expect(await found()).toEqual([id]);
    const { exitCode, repaired, findings } = await answer('ca', 'repair');
    expect({ exitCode, findings }).toEqual({ exitCode: 0, findings: [] });
    // Work of which nothing was left to do needs no words.
    expect(repaired?.length === 0).toBe(/have yet|has yet/u.test(what));
    expect(await found()).toEqual([]);
    expect(await ca.run('issue-client', 'bob')).toMatchObject({ exitCode: 0 });
  });
});

describe('is found, and reported after a repair', () => {
  test.each(LOST)('%s', async (_, id, damage) => {
    damage();
    expect(await found()).toEqual([id]);
    const { exitCode, findings } = await answer('ca', 'repair');
    expect({ exitCode, ids: findings.map((each) => each.id) }).toEqual({ exitCode: 3, ids: [id] });
  });
});

test('a pair that somebody has exchanged stays as it is: the registry has no key for its certificate', async () => {
  const other = await makeTestCa(['issue-client', 'alice']);
  for (const name of ['key.pem', 'cert.pem'])
    fs.copyFileSync(path.join(other.folder, 'ca', PAIR, name), inCa(PAIR, name));
  const before = fs.readFileSync(inCa(PAIR, 'cert.pem'), 'utf8');
  expect((await found()).toSorted()).toEqual(['DM209', 'DM230']);
  await answer('ca', 'repair');
  expect(fs.readFileSync(inCa(PAIR, 'cert.pem'), 'utf8')).toBe(before);
});

test('an older registry beside a newer list is found, and its next list has a higher number', async () => {
  const before = fs.readFileSync(inCa('registry.db'));
  await ca.run('crl');
  await ca.run('crl');
  fs.writeFileSync(inCa('registry.db'), before);
  expect(await found()).toEqual(['DM231']);
  const { stdout } = await ca.run('crl', '--json');
  expect(JSON.parse(String(stdout))).toMatchObject({ number: '4' });
  expect(await found()).toEqual([]);
});

test('a registry that is damaged is found', async () => {
  fs.writeFileSync(inCa('registry.db'), Buffer.alloc(8192, 1));
  expect(await found()).toEqual(['DM205']);
});

test('an encrypted CA key is compared where its passphrase is at hand', async () => {
  fs.writeFileSync(path.join(ca.folder, 'pass'), 'correct horse');
  await ca.run('init-ca', '--ca-dir', 'other', '--passphrase-file', 'pass');
  const other = ['ca', 'check', '--ca-dir', 'other'];
  expect(await answer(...other)).toMatchObject({ exitCode: 0 });
  expect(await answer(...other, '--passphrase-file', 'pass')).toMatchObject({ exitCode: 0 });
  fs.writeFileSync(path.join(ca.folder, 'pass'), 'wrong');
  expect(await answer(...other, '--passphrase-file', 'pass')).toMatchObject({ findings: [{ id: 'DM229' }] });
});

test('no CA is an error, not a finding', async () => {
  expect(await answer('ca', 'check', '--ca-dir', temporaryFolder())).toMatchObject({
    exitCode: 1,
    error: { code: 'CA_DIRECTORY_NOT_FOUND' },
  });
});

test('a CA directory of the first release has no findings, and is left as it is', async () => {
  const folder = temporaryFolder();
  const archive = path.join(import.meta.dirname, '../../../../ca-directory/testing/ca-of-schema-1.tar.gz');
  spawnSync('tar', ['-xzpf', archive, '--no-same-owner', '-C', folder]);
  const directory = path.join(folder, 'ca');
  const before = treeOf(directory);
  expect(await answer('ca', 'check', '--ca-dir', directory)).toMatchObject({ exitCode: 0 });
  expect(treeOf(directory)).toEqual(before);
});

test("a key of the owner's own in the folder of keys is left alone", async () => {
  fs.writeFileSync(inCa('private/of-last-year.pem'), 'a key', { mode: 0o600 });
  expect(await found()).toEqual([]);
  for (const argv of [
    ['ca', 'repair'],
    ['ca', 'rotate', 'prepare'],
  ])
    expect(await answer(...argv)).toMatchObject({ exitCode: 0 });
  expect(fs.existsSync(inCa('private/of-last-year.pem'))).toBe(true);
});
