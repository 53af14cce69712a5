import { RegistryError, RESTORE_HINT } from '../error.ts';
import { Connection } from './connection.ts';
import { MIGRATIONS } from './migrations.ts';
import type { Migration } from './migrations.ts';

/** Marks the file as ours (`PRAGMA application_id`): "dmtl". */
export const APPLICATION_ID = 0x646d746c;

/** From this schema on, the registry says which publications have begun. */
export const SCHEMA_WITH_UNFINISHED_WORK = 2;

/** From this schema on, the registry says what was revoked. */
export const SCHEMA_WITH_REVOCATIONS = 4;

/** From this schema on, the registry says which CA signs. */
export const SCHEMA_WITH_AUTHORITIES = 5;

/** From this schema on, what wants attention has indices of its own. */
export const SCHEMA_WITH_ATTENTION = 6;

/** From this schema on, it says which renewals and hooks have failed. */
export const SCHEMA_WITH_RENEWALS = 7;

/** From this schema on, each event holds the hash of the one before, from the first one on. */
export const SCHEMA_WITH_CHAIN = 8;

/** From this schema on, it says where copies of pairs were written. */
export const SCHEMA_WITH_COPY_FOLDERS = 9;

/** From this schema on, it says which clients are in a group. */
export const SCHEMA_WITH_GROUPS = 10;

type MigrateOptions = {
  readonly migrations?: readonly Migration[];
  /** More work of the same change. */
  readonly also?: () => unknown;
};

/** Brings a registry to the newest schema. Needs the lock; commits only when there is something to do. */
export function migrate(registry: Connection, { migrations = MIGRATIONS, also }: MigrateOptions = {}): void {
  const version = schemaVersion(registry);
  refuseForeignRegistry(registry, version, migrations.length);
  // An empty commit would already shut readers out.
  if (version === migrations.length) return;
  registry.transact(() => {
    applySteps(registry, version, migrations);
    also?.();
  });
}

/** The same inside of the caller's transaction, for a registry that is new. */
export function layDownSchema(registry: Connection): void {
  applySteps(registry, schemaVersion(registry), MIGRATIONS);
}

function applySteps(registry: Connection, version: number, migrations: readonly Migration[]): void {
  for (const step of migrations.slice(version)) {
    if (typeof step === 'string') registry.execute(step);
    else step(registry);
  }
  registry.execute(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`);
}

/** Codes: `REGISTRY_NEWER`, `REGISTRY_CORRUPT` (a database, but not ours). */
export function refuseForeignRegistry(
  registry: Connection,
  version: number,
  newest: number = MIGRATIONS.length,
): void {
  if (version > 0 ? pragmaNumber(registry, 'application_id') !== APPLICATION_ID : isUncounted(registry)) {
    throw new RegistryError(
      'REGISTRY_CORRUPT',
      `${registry.path} is a database, but no registry of docker-mtls`,
      {
        hint: `choose another CA directory, or ${RESTORE_HINT}`,
      },
    );
  }
  if (version > newest) {
    throw new RegistryError(
      'REGISTRY_NEWER',
      `${registry.path} has schema ${version}, this version knows ${newest}`,
      { hint: 'use the version of docker-mtls that wrote it, or a newer one' },
    );
  }
}

/**
 * Ours come with their version, by one commit: tables without one are those of a program that does not count versions. That
 * commit may fall between two looks, so the version is looked at again once there are tables.
 */
function isUncounted(registry: Connection): boolean {
  return registry.all('SELECT 1 FROM sqlite_schema LIMIT 1').length > 0 && schemaVersion(registry) === 0;
}

/** 0: nothing was ever committed, or nothing of docker-mtls. */
export function schemaVersion(registry: Connection): number {
  return pragmaNumber(registry, 'user_version');
}

function pragmaNumber(registry: Connection, name: 'application_id' | 'user_version'): number {
  return Number(registry.all(`PRAGMA ${name}`)[0]?.[name] ?? 0);
}

/** What SQLite itself finds wrong with the file, in its own words. */
export function findRegistryDamage(registry: Connection): string | undefined {
  const [row] = registry.all('PRAGMA integrity_check(1)');
  const words = String(row?.['integrity_check'] ?? 'ok');
  return words === 'ok' ? undefined : words;
}

/**
 * Refuses a file that has other tables, indices or triggers than a registry of its schema: what it would do when it is
 * written to is not known. Codes: `REGISTRY_CORRUPT`, `REGISTRY_NEWER`.
 */
export function requireOwnSchema(registry: Connection): void {
  const version = schemaVersion(registry);
  refuseForeignRegistry(registry, version);
  const wanted = new Connection(':memory:');
  try {
    for (const step of MIGRATIONS.slice(0, version)) {
      if (typeof step === 'string') wanted.execute(step);
      else step(wanted);
    }
    if (objectsIn(registry) === objectsIn(wanted)) return;
  } finally {
    wanted.close();
  }
  throw new RegistryError('REGISTRY_CORRUPT', `the registry has other tables than docker-mtls makes`, {
    hint: 'use a backup that docker-mtls ca backup made',
  });
}

function objectsIn(registry: Connection): string {
  const rows = registry.all('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name');
  return JSON.stringify(rows).replaceAll(/(?:\\n|\s)+/g, ' ');
}
