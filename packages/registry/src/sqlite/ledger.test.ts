import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import nodePath from 'node:path';
import { expect, test } from '@jest/globals';
import { appendEvent, findUntold, selectEvents, verifyEvents } from './ledger.ts';
import { Connection } from './connection.ts';
import { migrate } from './schema.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { NOW, OPERATOR } from '../../testing/registry-file.ts';

const COUNT = 5;

function withEvents(): Promise<Connection> {
  const path = nodePath.join(temporaryFolder(), 'registry.db');
  fs.writeFileSync(path, '', { mode: 0o600 });
  return appendTo(path);
}

/** The registry of an earlier release, whose events have no hashes. */
function withEarlierEvents(): Promise<Connection> {
  const folder = temporaryFolder();
  const archive = nodePath.join(import.meta.dirname, '../../../ca-directory/testing/ca-of-schema-1.tar.gz');
  spawnSync('tar', ['-xzpf', archive, '--no-same-owner', '-C', folder]);
  return appendTo(nodePath.join(folder, 'ca/registry.db'));
}

async function appendTo(path: string): Promise<Connection> {
  const registry = new Connection(path);
  await registry.lock();
  migrate(registry);
  registry.transact(() => {
    for (let n = 0; n < COUNT; n++)
      appendEvent(registry, { at: NOW, operator: OPERATOR, action: 'probe.issued', serial: `${n}` });
  });
  return registry;
}

/** What only somebody does who writes to the file behind the program's back. */
function tamper(registry: Connection, sql: string): void {
  for (const trigger of ['events_are_not_changed', 'events_are_not_removed', 'events_are_not_overwritten'])
    registry.execute(`DROP TRIGGER ${trigger}`);
  registry.execute(sql);
}

function verdictOf(registry: Connection): unknown {
  const verdict = verifyEvents(registry);
  registry.close();
  return verdict;
}

test.each([
  ['a new registry', withEvents, COUNT],
  ['the registry of an earlier release', withEarlierEvents, 6 + COUNT],
])('the events of %s follow from each other', async (_, open, count) => {
  expect(verdictOf(await open())).toMatchObject({ kind: 'intact', checkpoint: { sequence: count, count } });
});

test.each([
  ["an event's operator was changed", `UPDATE events SET operator = 'mallory' WHERE id = 3`, 3, 'altered'],
  ['an event was removed', 'DELETE FROM events WHERE id = 2', 2, 'missing'],
  ['the first event was removed', 'DELETE FROM events WHERE id = 1', 1, 'missing'],
  ['a hash was replaced', `UPDATE events SET hash = '${'ab'.repeat(32)}' WHERE id = 4`, 4, 'altered'],
  ['a hash is none', `UPDATE events SET hash = 'ab' WHERE id = 4`, 4, 'malformed'],
  ['a detail was changed', `UPDATE events SET detail = '{"name":"x"}' WHERE id = 5`, 5, 'altered'],
])('it is found that %s', async (_, sql, sequence, fault) => {
  const registry = await withEvents();
  tamper(registry, sql);
  expect(verdictOf(registry)).toMatchObject({ kind: 'faulty', fault, sequence });
});

test('it is found that an event of an earlier release was changed', async () => {
  const registry = await withEarlierEvents();
  tamper(registry, `UPDATE events SET operator = 'mallory' WHERE id = 1`);
  expect(verdictOf(registry)).toMatchObject({ kind: 'faulty', fault: 'altered', sequence: 1 });
});

test('a checkpoint shows that the newest events were removed, or all of them written again', async () => {
  const registry = await withEvents();
  const before = verifyEvents(registry);
  if (before.kind !== 'intact') throw new Error('the chain is broken from the start');
  tamper(registry, `DELETE FROM events WHERE id = ${COUNT}`);
  expect(verifyEvents(registry, [before.checkpoint])).toMatchObject({ fault: 'truncated' });
  registry.transact(() =>
    appendEvent(registry, { at: NOW, operator: 'mallory', action: 'probe.issued', serial: 'x' }),
  );
  expect(verifyEvents(registry)).toMatchObject({ kind: 'intact' });
  expect(verifyEvents(registry, [before.checkpoint])).toMatchObject({ fault: 'rewritten' });
  registry.close();
});

test('a certificate that no event tells of is found', async () => {
  const registry = await withEarlierEvents();
  expect(findUntold(registry)).toBeUndefined();
  const [{ serial } = {}] = registry.all(`SELECT serial FROM certificates WHERE kind = 'client'`);
  tamper(registry, `DELETE FROM events WHERE serial = '${serial}'`);
  expect(findUntold(registry)).toBe(serial);
  registry.close();
});

test('the newest events are selected, the oldest of them first', async () => {
  const registry = await withEvents();
  expect(selectEvents(registry, 2).map(({ serial }) => serial)).toEqual(['3', '4']);
  expect(selectEvents(registry)).toHaveLength(COUNT);
  registry.close();
});
