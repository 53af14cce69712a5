import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import nodePath from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { appendEvent } from './ledger.ts';
import { Connection } from './connection.ts';
import { MIGRATIONS } from './migrations.ts';
import { migrate, refuseForeignRegistry, schemaVersion } from './schema.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { modeOf, NOW, OPERATOR } from '../../testing/registry-file.ts';

let path: string;

beforeEach(() => {
  path = nodePath.join(temporaryFolder(), 'registry.db');
  fs.writeFileSync(path, '', { mode: 0o600 });
});

async function locked(): Promise<Connection> {
  const registry = new Connection(path);
  await registry.lock();
  return registry;
}

type Holding = { readonly commit: boolean; readonly isOver: string };

/** Another process that takes the lock and keeps it until `isOver` is true there, after a commit or in the middle of one. */
async function holder({ commit, isOver }: Holding): Promise<ChildProcess> {
  const child = spawn(process.execPath, [
    '-e',
    `const db = new (require(${JSON.stringify(createRequire(import.meta.filename).resolve('libsql'))}))(${JSON.stringify(path)});
     db.exec('BEGIN IMMEDIATE; PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE t (x); INSERT INTO t VALUES (1)');
     if (${commit}) db.exec('COMMIT');
     console.log('locked');
     const begun = Date.now();
     setInterval(() => (${isOver} || Date.now() > begun + 100_000) && process.exit(), 10);`,
  ]);
  await once(child.stdout, 'data');
  return child;
}

describe('the lock', () => {
  test('keeps a second one out until it is closed', async () => {
    const first = await locked();
    const second = new Connection(path);
    await expect(second.lock({ patience: 30 })).rejects.toThrow(
      expect.objectContaining({ code: 'REGISTRY_BUSY', hint: expect.any(String) }),
    );
    first.close();
    await second.lock({ patience: 0 });
    second.close();
  });

  test.each([
    { name: 'a commit', work: (registry: Connection) => migrate(registry) },
    {
      name: 'a failure',
      work: (registry: Connection) => {
        expect(() => registry.transact(() => registry.execute('nonsense'))).toThrow('nonsense');
      },
    },
    { name: 'a look', work: (registry: Connection) => registry.all('SELECT 1') },
  ])('is still held after $name', async ({ work }) => {
    const first = await locked();
    work(first);
    const second = new Connection(path);
    await expect(second.lock({ patience: 30 })).rejects.toThrow(
      expect.objectContaining({ code: 'REGISTRY_BUSY' }),
    );
    second.close();
    migrate(first);
    first.close();
  });

  test.each([true, false])('is waited for, and that is said once (commit: %s)', async (commit) => {
    const noticed = nodePath.join(temporaryFolder(), 'noticed');
    await holder({ commit, isOver: `fs.existsSync(${JSON.stringify(noticed)})` });
    const registry = new Connection(path);
    await registry.lock({ noticeAfter: 50, onWait: () => fs.writeFileSync(noticed, 'once', { flag: 'ax' }) });
    expect(fs.readFileSync(noticed, 'utf8')).toBe('once');
    registry.close();
  });

  test('is not spoken of when the wait is short', async () => {
    await holder({ commit: true, isOver: 'Date.now() > begun + 100' });
    const registry = new Connection(path);
    let notices = 0;
    await registry.lock({ noticeAfter: 50_000, onWait: () => (notices += 1) });
    expect(notices).toBe(0);
    registry.close();
  });

  test.each([true, false])('falls to the next when its holder is killed (commit: %s)', async (commit) => {
    const child = await holder({ commit, isOver: 'false' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const registry = new Connection(path);
    await registry.lock({ patience: 0 });
    expect(registry.all(`SELECT name FROM sqlite_schema WHERE name = 't'`)).toHaveLength(commit ? 1 : 0);
    registry.close();
  });

  test('lets readers in until the first commit', async () => {
    const writer = await locked();
    const reader = new Connection(path);
    reader.neverBlock();
    const read = (): unknown => reader.all('SELECT * FROM sqlite_schema');
    writer.execute('CREATE TABLE t (x)');
    expect(read()).toEqual([]);
    writer.transact(() => writer.run('INSERT INTO t VALUES (?)', null));
    expect(read).toThrow(expect.objectContaining({ code: 'REGISTRY_BUSY' }));
    writer.close();
    expect(read()).toHaveLength(1);
    reader.close();
  });
});

test('the journal is as private as the registry, whatever the umask', async () => {
  const before = process.umask(0);
  try {
    const registry = await locked();
    registry.execute('CREATE TABLE t (x)');
    expect(modeOf(`${path}-journal`)).toBe('600');
    registry.close();
  } finally {
    process.umask(before);
  }
  expect(fs.existsSync(`${path}-journal`)).toBe(false);
});

test('what was not committed is gone after closing', async () => {
  const registry = await locked();
  registry.execute('CREATE TABLE t (x)');
  registry.close();
  expect(fs.statSync(path).size).toBe(0);
});

test('a file that cannot be opened is named', () => {
  const nowhere = nodePath.join(temporaryFolder(), 'nowhere', 'registry.db');
  expect(() => new Connection(nowhere)).toThrow(
    expect.objectContaining({ code: 'REGISTRY_UNUSABLE', message: expect.stringContaining(nowhere) }),
  );
});

describe('the schema', () => {
  test('is laid down once, step by step', async () => {
    const registry = await locked();
    migrate(registry);
    migrate(registry);
    migrate(registry, { migrations: [...MIGRATIONS, 'CREATE TABLE later (x)'] });
    expect(registry.all('PRAGMA user_version')[0]).toMatchObject({ user_version: MIGRATIONS.length + 1 });
    expect(() => migrate(registry)).toThrow(expect.objectContaining({ code: 'REGISTRY_NEWER' }));
    registry.close();
  });

  test('is accepted even by a process that read the version just before another process committed it', async () => {
    const registry = await locked();
    const version = schemaVersion(registry);
    migrate(registry);
    expect(() => refuseForeignRegistry(registry, version)).not.toThrow();
    registry.close();
  });

  test.each([
    [`UPDATE events SET operator = 'mallory'`],
    [`DELETE FROM events`],
    [`INSERT OR REPLACE INTO events (id, at, operator, action, detail) VALUES (1, '', 'mallory', 'x', '{}')`],
    [`DELETE FROM certificates`],
    [`UPDATE certificates SET name = 'mallory'`],
  ])('refuses %s', async (sql) => {
    const registry = await locked();
    migrate(registry);
    registry.transact(() => {
      appendEvent(registry, { at: NOW, operator: OPERATOR, action: 'ca.created', serial: 'ab12' });
      registry.run(
        `INSERT INTO certificates (serial, kind, name, not_before, not_after, key_type, fingerprint, der, issued_at,
         issued_by) VALUES ('ab12', 'ca', 'x', '', '', '', '', x'00', '', '')`,
      );
    });
    expect(() => registry.execute(sql)).toThrow(/append-only|never forgotten|fixed|names the one before/u);
    expect(registry.all('SELECT operator FROM events')).toEqual([{ operator: OPERATOR }]);
    registry.close();
  });

  test('keeps a history with who, what and when', async () => {
    const registry = await locked();
    migrate(registry);
    registry.transact(() => {
      appendEvent(registry, {
        at: NOW,
        operator: OPERATOR,
        action: 'certificate.issued',
        serial: 'ab12',
        detail: { name: 'alice' },
      });
    });
    expect(registry.all('SELECT * FROM events')).toEqual([
      {
        id: 1,
        at: '2026-01-01T00:00:00.000Z',
        operator: OPERATOR,
        action: 'certificate.issued',
        serial: 'ab12',
        detail: '{"name":"alice"}',
        previous: '0'.repeat(64),
        hash: expect.stringMatching(/^[0-9a-f]{64}$/u),
      },
    ]);
    registry.close();
  });
});

test('a statement that failed works again with other values', () => {
  const registry = new Connection(path);
  registry.execute('CREATE TABLE t (n INTEGER PRIMARY KEY CHECK (n < 10)) STRICT');
  const insert = (n: number): void => registry.run('INSERT INTO t VALUES (?)', n);
  insert(1);
  expect(() => insert(1)).toThrow('UNIQUE');
  expect(() => insert(11)).toThrow('CHECK');
  insert(2);
  expect(registry.all('SELECT n FROM t')).toEqual([{ n: 1 }, { n: 2 }]);
  expect(registry.all('SELECT n FROM t')).toHaveLength(2);
  registry.close();
});

test('many looks in a row let the event loop turn, so that what libsql keeps of each is freed', async () => {
  const registry = new Connection(path);
  let turns = 0;
  setImmediate(() => {
    turns += 1;
  });
  for (let looks = 0; looks < 1000; looks++) await registry.whenFree(() => registry.all('SELECT 1'));
  expect(turns).toBe(1);
  registry.close();
});
