import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { isMtlsError } from '@docker-mtls/errors';
import { NOW, testAuthority } from '../../../authority/testing/test-authority.ts';
import type { TestAuthority } from '../../../authority/testing/test-authority.ts';
import { openSqlite } from '../../../registry/src/sqlite/open-sqlite.ts';
import { searchPath } from '../../../../test/support/run.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { inspectCa } from './inspect-ca.ts';

// CA directories that somebody else has filled: a look ends soon, says what it saw, and is never a bug.

let healthy: TestAuthority;
let directory: string;

const inCa = (...parts: readonly string[]): string => path.join(directory, ...parts);

beforeAll(async () => {
  healthy = await testAuthority();
  await healthy.issue({ kind: 'server', name: 'node1' });
  await healthy.issue({ kind: 'client', name: 'alice' });
});

beforeEach(() => {
  directory = path.join(temporaryFolder(), 'ca');
  fs.cpSync(healthy.directory, directory, { recursive: true, verbatimSymlinks: true });
});

/** The numbers of the findings, or the code of the error. */
async function outcome(): Promise<readonly string[] | string | undefined> {
  try {
    const inspection = await inspectCa({ directory, now: NOW });
    return inspection?.findings.map(({ id }) => id);
  } catch (error) {
    if (isMtlsError(error)) return error.code;
    throw error;
  }
}

/** Changes the registry behind its triggers' back. */
function sql(...statements: readonly string[]): void {
  const database = openSqlite(inCa('registry.db'));
  const triggers = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).all([]);
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${String(name)}`);
  for (const statement of statements) database.exec(statement);
  database.close();
}

function put(name: string, data: string | Buffer): void {
  fs.rmSync(inCa(name), { recursive: true, force: true });
  fs.writeFileSync(inCa(name), data, { mode: 0o600 });
}

function fifo(name: string): void {
  fs.rmSync(inCa(name), { recursive: true, force: true });
  execFileSync('mkfifo', ['-m', '600', inCa(name)], { env: { PATH: searchPath() } });
}

function link(name: string, target: string): void {
  fs.rmSync(inCa(name), { recursive: true, force: true });
  fs.symlinkSync(target, inCa(name));
}

const ALICE = `WHERE name = 'alice'`;

describe('a registry', () => {
  test.each<[string, () => void, readonly string[] | string | undefined]>([
    ['that is no database', () => put('registry.db', 'x'.repeat(5000)), ['DM205']],
    ['that is empty', () => put('registry.db', ''), ['DM205']],
    ['that is a folder', () => folder('registry.db'), ['DM690']],
    ['that is a pipe', () => fifo('registry.db'), ['DM690']],
    // It is root's, which is another finding for any other user.
    [
      'that is a link to a device',
      () => link('registry.db', '/dev/zero'),
      expect.arrayContaining(['DM207', 'DM690']) as never,
    ],
    ['that is a link into a loop', () => link('registry.db', 'registry.db'), ['DM690']],
    ['that is cut off', () => fs.truncateSync(inCa('registry.db'), 4096), ['DM205']],
    ['that is missing', () => fs.rmSync(inCa('registry.db')), ['DM205']],
    ['of a newer release', () => sql('PRAGMA user_version = 1000'), ['DM205']],
    ['of another program', () => sql('PRAGMA application_id = 1'), ['DM205']],
    ['without its lists', () => sql('DROP TABLE revocation_lists'), ['DM205']],
    ['without certificates', () => sql('DELETE FROM certificates'), ['DM205']],
    ['with a CA that is none', () => sql(`UPDATE certificates SET der = x'00' WHERE kind = 'ca'`), ['DM205']],
    [
      'with dates that are none',
      () => sql(`UPDATE certificates SET not_after = 'x2025' ${ALICE}`),
      ['DM205'],
    ],
    [
      'with the number of a list that is none',
      () => sql(`UPDATE revocation_lists SET number = 'x'`),
      ['DM205'],
    ],
    ['with a certificate that is none', () => sql(`UPDATE certificates SET der = x'30' ${ALICE}`), ['DM690']],
    [
      'with a name that leads elsewhere',
      () => sql(`UPDATE certificates SET name = '../../x' ${ALICE}`),
      ['DM690'],
    ],
    [
      'with a name that is endless',
      () => sql(`UPDATE certificates SET name = printf('%.*c', 1000000, 'x') ${ALICE}`),
      ['DM690'],
    ],
    [
      'with a kind of key nobody knows',
      () => sql(`UPDATE certificates SET key_type = char(27) || '[2J' ${ALICE}`, 'REINDEX'),
      [],
    ],
  ])('%s', async (_, break_, expected) => {
    break_();
    expect(await outcome()).toEqual(expected);
  });
});

function folder(name: string): void {
  fs.rmSync(inCa(name), { recursive: true, force: true });
  fs.mkdirSync(inCa(name), { mode: 0o700 });
}

describe('files', () => {
  test.each<[string, () => void, readonly string[] | string | undefined]>([
    [
      'a CA directory that is a file',
      () => replaceDirectory(() => fs.writeFileSync(directory, '')),
      'CA_DIRECTORY_NOT_A_DIRECTORY',
    ],
    [
      'a CA directory that is a loop',
      () => replaceDirectory(() => fs.symlinkSync(directory, directory)),
      ['DM690'],
    ],
    ['a certificate that is a pipe', () => fifo('clients/alice/cert.pem'), ['DM209']],
    ['a key that is a pipe', () => fifo('clients/alice/key.pem'), ['DM209']],
    [
      'a key that is endless',
      () => link('clients/alice/key.pem', '/dev/zero'),
      expect.arrayContaining(['DM209']) as never,
    ],
    ['a list that is endless', () => put('crl.pem', Buffer.alloc(33 * 1024 * 1024)), ['DM690']],
    ['a ca.pem in a loop', () => link('ca.pem', 'ca.pem'), ['DM209']],
    ['a pair that is a file', () => put('clients/alice', ''), ['DM209', 'DM209', 'DM209']],
    ['a folder of pairs that is a file', () => put('clients', ''), ['DM210']],
    ['a folder of keys that is a file', () => put('private', ''), expect.anything() as never],
    ['a profile that is deep', () => put('profiles/ca.json', '['.repeat(100_000)), ['DM211']],
    ['a certificate of zeros', () => put('clients/alice/cert.pem', Buffer.alloc(100_000)), ['DM209']],
  ])('%s', async (_, break_, expected) => {
    break_();
    expect(await outcome()).toEqual(expected);
  });
});

function replaceDirectory(make: () => void): void {
  fs.rmSync(directory, { recursive: true });
  make();
}
