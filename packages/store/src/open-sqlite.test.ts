import nodePath from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { HERE } from './here.ts';
import { openSqlite, ordinaryOpener, quickOpener } from './open-sqlite.ts';
import { asBytes } from './sqlite.ts';
import type { SqliteDatabase } from './sqlite.ts';
import { temporaryFolder } from './test-ca.support.ts';

const WAYS = [
  ['as usual', openSqlite],
  ['by the native part alone', quickOpener(HERE) ?? openSqlite],
  ['by libsql as it comes', ordinaryOpener()],
] as const;

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
  ])('fails in %s with the code that SQLite gave', (_name, fail, rawCode) => {
    const database = open(':memory:');
    database.exec('CREATE TABLE t (x INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)');
    expect(() => fail(database)).toThrow(expect.objectContaining({ rawCode }));
  });

  test('says why it could not be opened', () => {
    const nowhere = nodePath.join(temporaryFolder(), 'none', 'registry.db');
    expect(() => open(nowhere)).toThrow(/ConnectionFailed\(".*: 14"\)/);
  });

  test('can be closed, and is there for the next', () => {
    const path = nodePath.join(temporaryFolder(), 'registry.db');
    const first = open(path);
    first.exec('CREATE TABLE t (x); INSERT INTO t VALUES (1)');
    first.close();
    expect(open(path).prepare('SELECT x FROM t').all([])).toEqual([{ x: 1 }]);
  });
});

test('text is no bytes', () => {
  expect(() => asBytes('text')).toThrow('no bytes');
});
