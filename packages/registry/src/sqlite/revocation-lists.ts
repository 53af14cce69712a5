import { RegistryError, RESTORE_HINT } from '../error.ts';
import type { Connection } from './connection.ts';
import { SCHEMA_WITH_REVOCATIONS, schemaVersion } from './schema.ts';

/** A revocation list of a CA. */
export type ListRecord = {
  /** Key identifier of the CA that signed it. */
  readonly issuer: string;
  readonly number: bigint;
  readonly thisUpdate: Date;
  /** Not on record of lists that an earlier release has made. */
  readonly nextUpdate: Date | undefined;
};

/** The newest of a CA. A registry of a release that could not revoke tells none. */
export function findList(connection: Connection, issuer: string): ListRecord | undefined {
  if (schemaVersion(connection) < SCHEMA_WITH_REVOCATIONS) return undefined;
  const [row] = connection.all(
    'SELECT * FROM revocation_lists WHERE issuer = ? ORDER BY id DESC LIMIT 1',
    issuer,
  );
  if (row === undefined) return undefined;
  const next = row['next_update'];
  return {
    issuer,
    number: numberOf(row['number']),
    thisUpdate: new Date(String(row['created_at'])),
    nextUpdate: next === null ? undefined : new Date(String(next)),
  };
}

function numberOf(value: unknown): bigint {
  const text = String(value);
  if (/^\d{1,60}$/.test(text)) return BigInt(text);
  throw new RegistryError(
    'REGISTRY_CORRUPT',
    'the registry holds a number of a revocation list that is none',
    {
      hint: RESTORE_HINT,
    },
  );
}

/** Records a list in the place of the one before: of each CA's lists, only the newest is kept. */
export function insertList(
  connection: Connection,
  { issuer, number, thisUpdate, nextUpdate, pem }: ListRecord & { readonly pem: string },
): void {
  connection.run('DELETE FROM revocation_lists WHERE issuer = ?', issuer);
  connection.run(
    'INSERT INTO revocation_lists (pem, created_at, issuer, number, next_update, published) VALUES (?, ?, ?, ?, ?, 0)',
    pem,
    thisUpdate.toISOString(),
    issuer,
    String(number),
    nextUpdate?.toISOString() ?? null,
  );
}

export function listTexts(connection: Connection): readonly string[] {
  return connection.all('SELECT pem FROM revocation_lists ORDER BY id DESC').map((row) => String(row['pem']));
}

export function isListUnpublished(connection: Connection): boolean {
  return connection.all('SELECT 1 FROM revocation_lists WHERE published = 0 LIMIT 1').length > 0;
}

export function listsArePublished(connection: Connection): void {
  connection.run('UPDATE revocation_lists SET published = 1');
}
