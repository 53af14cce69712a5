import fs from 'node:fs';
import nodePath from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { describeRegistry } from '../testing/describe-registry.ts';
import { emptyPlace, openMemoryRegistry } from '../testing/memory-registry.ts';
import * as surface from './index.ts';
import { openSqliteRegistry } from './index.ts';

describeRegistry('in a file of SQLite', () => {
  const path = nodePath.join(temporaryFolder(), 'registry.db');
  fs.writeFileSync(path, '', { mode: 0o600 });
  return () => openSqliteRegistry(path);
});

// What the port says is no more than what any database can do: the test itself is held to that.
describeRegistry('in memory', () => {
  const place = emptyPlace();
  return () => openMemoryRegistry(place);
});

test('a look for damage waits for a change that is about to end', async () => {
  const path = nodePath.join(temporaryFolder(), 'registry.db');
  fs.writeFileSync(path, '', { mode: 0o600 });
  const registry = openSqliteRegistry(path);
  const other = new surface.Connection(path);
  try {
    await registry.migrate();
    other.execute('BEGIN EXCLUSIVE');
    const damage = registry.damage();
    other.execute('ROLLBACK');
    expect(await damage).toBeUndefined();
  } finally {
    other.close();
    await registry.close();
  }
});

test('the public surface of the package', () => {
  expect(Object.keys(surface).toSorted()).toMatchInlineSnapshot(`
    [
      "Connection",
      "RESTORE_HINT",
      "RegistryError",
      "SCHEMA_WITH_AUTHORITIES",
      "SCHEMA_WITH_CHAIN",
      "SCHEMA_WITH_UNFINISHED_WORK",
      "asBytes",
      "findRegistryDamage",
      "openSqliteRegistry",
      "requireOwnSchema",
      "selectAuthorities",
      "selectRoots",
    ]
  `);
});
