import nodePath from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { hasOwnSqlite, libsqlOpener, ownOpener } from './open-sqlite.ts';
import { asBytes } from './sqlite.ts';
import type { SqliteDatabase } from './sqlite.ts';
import { explainSqliteError } from './sqlite-error.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';

const libsql = libsqlOpener();
const own = hasOwnSqlite(process.versions.node) ? ([['by Node itself', ownOpener()]] as const) : [];
const WAYS = [['by libsql', libsql], ...own] as const;

function numbers(database: SqliteDatabase, count: number): readonly unknown[] {
  const rows = database
    .prepare('WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n')
    .all([count]);
  return rows.map((row) => row['i']);
}

describe.each(WAYS)('a database that was opened %s', (_way, open) => {
  test('gives bytes back as they were stored', () => {
    const database = open(':memory:');
    database.exec('CREATE TABLE t (x BLOB)');
    database.prepare('INSERT INTO t VALUES (?)').run([Buffer.from([0, 255, 10])]);
    expect(asBytes(database.prepare('SELECT x FROM t').all([])[0]?.['x'])).toEqual(Buffer.from([0, 255, 10]));
  });

  test.each([1, 99, 100, 101, 200, 250])('gives all of %d rows', (count) => {
    expect(numbers(open(':memory:'), count)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });

  test('gives no rows where there are none', () => {
    expect(open(':memory:').prepare('SELECT 1 WHERE 0').all([])).toEqual([]);
  });

  test('knows whether it is in a transaction', () => {
    const database = open(':memory:');
    expect(database.inTransaction).toBe(false);
    database.exec('BEGIN');
    expect(database.inTransaction).toBe(true);
    database.exec('ROLLBACK');
    expect(database.inTransaction).toBe(false);
  });

  test.each<[string, (database: SqliteDatabase) => void, number]>([
    ['prepare', (database) => database.prepare('SELEC 1'), 1],
    ['exec', (database) => database.exec('INSERT INTO t VALUES (1)'), 1555],
    ['run', (database) => database.prepare('INSERT INTO t VALUES (?)').run([1]), 1555],
    ['all', (database) => database.prepare('SELECT abs(-9223372036854775808)').all([]), 1],
  ])('fails in %s with the code that SQLite gave', (_name, fail, code) => {
    const database = open(':memory:');
    database.exec('CREATE TABLE t (x INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)');
    expect(failure(() => fail(database))).toEqual(
      expect.objectContaining(open === libsql ? { rawCode: code } : { errcode: code }),
    );
  });

  test('says why it could not be opened', () => {
    const nowhere = nodePath.join(temporaryFolder(), 'none', 'registry.db');
    const error = failure(() => open(nowhere));
    expect(explainSqliteError(error, nowhere)).toMatchObject({
      code: 'REGISTRY_UNUSABLE',
      message: expect.stringContaining('it cannot be opened'),
    });
  });

  test('can be closed, and is there for the next', () => {
    const path = nodePath.join(temporaryFolder(), 'registry.db');
    const first = open(path);
    first.exec('CREATE TABLE t (x); INSERT INTO t VALUES (1)');
    first.close();
    expect(open(path).prepare('SELECT x FROM t').all([])).toEqual([{ x: 1 }]);
  });
});

function failure(step: () => unknown): unknown {
  try {
    step();
  } catch (error) {
    return error;
  }
  throw new Error('nothing failed');
}

test.each([
  ['20.19.0', false],
  ['22.23.5', false],
  ['24.14.1', false],
  ['24.15.0', true],
  ['25.9.0', false],
  ['26.0.0', true],
])('Node %s has SQLite without a warning: %p', (version, expected) => {
  expect(hasOwnSqlite(version)).toBe(expected);
});

test('text is not bytes', () => {
  expect(() => asBytes('text')).toThrow('not bytes');
});
