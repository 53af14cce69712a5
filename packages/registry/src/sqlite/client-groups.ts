import type { Page } from '../certificate-record.ts';
import type { Connection } from './connection.ts';
import { SCHEMA_WITH_GROUPS, schemaVersion } from './schema.ts';
import type { SqlRow } from './sqlite.ts';

const OF_ANY_GROUP = `SELECT * FROM certificates WHERE kind = 'client' AND status = 'current' AND serial > ?
  ORDER BY serial LIMIT ?`;
const OF_ONE_GROUP = `SELECT certificates.* FROM client_groups JOIN certificates USING (serial)
  WHERE in_force = 1 AND client_groups.name = ? AND client_groups.serial > ? ORDER BY client_groups.serial LIMIT ?`;

/** The clients in force that are in a group. A registry of an earlier schema does not know, and answers with all of them. */
export function selectInGroup(registry: Connection, group: string, { after, size }: Page): SqlRow[] {
  return schemaVersion(registry) < SCHEMA_WITH_GROUPS
    ? registry.all(OF_ANY_GROUP, after, size)
    : registry.all(OF_ONE_GROUP, group, after, size);
}
