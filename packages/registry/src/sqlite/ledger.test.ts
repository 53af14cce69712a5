import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import nodePath from 'node:path';
import { expect, test } from '@jest/globals';
import { appendEvent, findBrokenLink } from './ledger.ts';
import { Registry } from './registry.ts';
import { migrate } from './schema.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { NOW, OPERATOR } from '../../testing/registry-file.ts';

const COUNT = 5;

function withEvents(): Registry {
  const path = nodePath.join(temporaryFolder(), 'registry.db');
  fs.writeFileSync(path, '', { mode: 0o600 });
  return appendTo(path);
}

/** The registry of an earlier release, whose events have no hashes. */
function withEarlierEvents(): Registry {
  const folder = temporaryFolder();
  const archive = nodePath.join(import.meta.dirname, '../../../ca-directory/testing/ca-of-schema-1.tar.gz');
  spawnSync('tar', ['-xzpf', archive, '--no-same-owner', '-C', folder]);
  return appendTo(nodePath.join(folder, 'ca/registry.db'));
}

function appendTo(path: string): Registry {
  const registry = new Registry(path);
  registry.lock();
  migrate(registry);
  registry.transact(() => {
    for (let n = 0; n < COUNT; n++)
      appendEvent(registry, { at: NOW, operator: OPERATOR, action: 'probe.issued', serial: `${n}` });
  });
  return registry;
}

/** What only somebody does who writes to the file behind the program's back. */
function tamper(registry: Registry, sql: string): void {
  for (const trigger of ['events_are_not_changed', 'events_are_not_removed', 'events_are_not_overwritten'])
    registry.execute(`DROP TRIGGER ${trigger}`);
  registry.execute(sql);
}

test.each([
  ['a new registry', withEvents],
  ['the registry of an earlier release', withEarlierEvents],
])('the events of %s follow from each other', (_, open) => {
  const registry = open();
  expect(findBrokenLink(registry)).toBeUndefined();
  registry.close();
});

test.each([
  ["an event's operator was changed", `UPDATE events SET operator = 'mallory' WHERE id = 3`, 3],
  ['an event was removed', 'DELETE FROM events WHERE id = 2', 3],
  ['the first event was removed', 'DELETE FROM events WHERE id = 1', 2],
  ['an event was replaced, with a hash', `UPDATE events SET serial = 'ff', hash = 'ab' WHERE id = 4`, 4],
])('it is found that %s', (_, sql, at) => {
  const registry = withEvents();
  tamper(registry, sql);
  expect(findBrokenLink(registry)).toBe(at);
  registry.close();
});

test('it is found that an event of an earlier release was changed', () => {
  const registry = withEarlierEvents();
  const [first] = registry.all('SELECT min(id) AS id FROM events WHERE hash IS NOT NULL');
  tamper(registry, `UPDATE events SET operator = 'mallory' WHERE id = 1`);
  expect(findBrokenLink(registry)).toBe(first?.['id']);
  registry.close();
});
