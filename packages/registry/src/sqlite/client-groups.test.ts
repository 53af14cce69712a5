import { expect, test } from '@jest/globals';
import { newCertificate, issue } from '../../testing/new-certificate.ts';
import { selectInGroup } from './client-groups.ts';
import { Connection } from './connection.ts';
import { MIGRATIONS } from './migrations.ts';
import { migrate, SCHEMA_WITH_GROUPS } from './schema.ts';

const ALL = { after: '', size: 10 };

/** As an earlier release records it. */
function insertEarlier(registry: Connection, name: string, groups: readonly string[]): string {
  const { info, der } = issue('client', 100, groups);
  const { operator, now } = newCertificate('client', name);
  registry.run(
    `INSERT INTO certificates (serial, kind, name, not_before, not_after, key_type, fingerprint, der, issued_at, issued_by)
     VALUES (?, 'client', ?, ?, ?, ?, ?, ?, ?, ?)`,
    info.serial,
    name,
    info.notBefore.toISOString(),
    info.notAfter.toISOString(),
    info.keyType,
    info.fingerprint,
    der,
    now.toISOString(),
    operator,
  );
  return info.serial;
}

test('the groups of what an earlier release has recorded are read from its certificates', () => {
  const registry = new Connection(':memory:');
  migrate(registry, { migrations: MIGRATIONS.slice(0, SCHEMA_WITH_GROUPS - 1) });
  const alice = insertEarlier(registry, 'alice', ['ops']);
  const bob = insertEarlier(registry, 'bob', []);
  const gone = insertEarlier(registry, 'carol', ['ops']);
  registry.run(`UPDATE certificates SET status = 'replaced' WHERE serial = ?`, gone);
  const serials = (): readonly unknown[] => selectInGroup(registry, 'ops', ALL).map(({ serial }) => serial);
  expect(serials()).toEqual([alice, bob].toSorted());
  migrate(registry);
  expect(serials()).toEqual([alice]);
  registry.close();
});
