import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { NOW } from '../../testing/registry-file.ts';
import {
  countAttention,
  countInForce,
  countRecorded,
  selectAttention,
  selectInForce,
  selectUnusual,
} from './attention.ts';
import { Connection } from './connection.ts';
import { selectFailures, selectUnfinishedHooks } from './renewal-records.ts';
import { migrate } from './schema.ts';

const FILTER = { kind: 'client', now: NOW, since: NOW, limit: 10 } as const;

let registry: Connection;
let plans: string[];

/** Notes how SQLite finds what is asked for. */
function watched(): Connection {
  const all = registry.all.bind(registry);
  plans = [];
  registry.all = (sql, ...values) => {
    plans.push(...all(`EXPLAIN QUERY PLAN ${sql}`, ...values).map((row) => String(row['detail'])));
    return all(sql, ...values);
  };
  return registry;
}

beforeEach(async () => {
  const file = path.join(temporaryFolder(), 'registry.db');
  fs.writeFileSync(file, '', { mode: 0o600 });
  registry = new Connection(file);
  await registry.lock();
  migrate(registry);
});

/** For a million certificates, an index by kind is as good as none. */
const INDICES = 'due|beginning|ending|unusual';

describe('SQLite finds what wants attention through an index for it', () => {
  test.each<[string, () => unknown]>([
    ['how many', () => countAttention(watched(), FILTER)],
    ['which', () => selectAttention(watched(), FILTER)],
    ['what is unusual', () => selectUnusual(watched(), 10)],
  ])('%s', (_, ask) => {
    ask();
    const looks = plans.filter(
      (plan) => /^(?:SCAN|SEARCH) certificates/u.test(plan) && !plan.includes('PRIMARY KEY'),
    );
    expect(looks.length).toBeGreaterThan(0);
    const own = new RegExp(`INDEX certificates_(?:${INDICES})\\b`, 'u');
    expect(looks.filter((plan) => !own.test(plan))).toEqual([]);
    // Of the index by the time from which on they are due, the time has to be used.
    expect(looks.filter((plan) => plan.includes('certificates_due') && !plan.includes('<expr>'))).toEqual([]);
  });

  test.each<[string, () => unknown]>([
    ['how many there are', () => countRecorded(watched())],
    ['how many are in force', () => countInForce(watched(), 'client', 10)],
    ['which come first', () => selectInForce(watched(), 'client', 10)],
    ['what failed', () => selectFailures(watched())],
    ['which hooks', () => selectUnfinishedHooks(watched())],
  ])('or at most as many as are asked for: %s', (_, ask) => {
    ask();
    expect(plans.filter((plan) => plan.startsWith('SCAN certificates'))).toEqual([]);
  });
});

const INSERT = `INSERT INTO certificates (serial, kind, name, not_before, not_after, key_type, fingerprint, der,
  issued_at, issued_by) VALUES (?, 'client', 'x', '2026-01-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z', ?, '', ?, '', '')`;

const SERVER = '06082b06010505070301';
const CLIENT = '06082b06010505070302';

test.each([
  ['ec-p256', CLIENT, false],
  ['ec-p256', SERVER, false],
  ['ec-p256', `${SERVER}${CLIENT}`, true],
  ['rsa-1024', CLIENT, true],
  ['ec-p521', CLIENT, true],
  ['ed25519', '', false],
])('a leaf with a key of type %s and %s in it: unusual is %s', (keyType, hex, expected) => {
  registry.transact(() => registry.run(INSERT, 'a1', keyType, Buffer.from(hex, 'hex')));
  expect(selectUnusual(registry, 10)).toHaveLength(expected ? 1 : 0);
  registry.transact(() => registry.run(`UPDATE certificates SET status = 'revoked'`));
  expect(selectUnusual(registry, 10)).toEqual([]);
});

test('dates that are none are never due', () => {
  const broken = INSERT.replace('2026-03-01T00:00:00.000Z', 'soon');
  registry.transact(() => registry.run(broken, 'a1', 'ec-p256', Buffer.alloc(0)));
  expect(countAttention(registry, FILTER)).toMatchObject({ due: 0, expired: 0 });
  expect(countInForce(registry, 'client', 10)).toBe(1);
});
