import { readCertificate } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { unlessRefused } from '@docker-mtls/errors';
import type { Connection } from './connection.ts';
import { asBytes } from './sqlite.ts';

// Which clients are in a group: whom a policy gives a role to is looked for among those alone.
const CLIENT_GROUPS = `
CREATE TABLE client_groups (
  serial TEXT NOT NULL,
  name TEXT NOT NULL,
  in_force INTEGER NOT NULL,
  PRIMARY KEY (serial, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX client_groups_in_force ON client_groups (name, serial) WHERE in_force = 1;
CREATE TRIGGER client_groups_follow AFTER UPDATE OF status ON certificates
  BEGIN UPDATE client_groups SET in_force = (NEW.status = 'current') WHERE serial = NEW.serial; END;
`;

/** The object identifier of an organizational unit (RFC 5280 appendix A.1), as DER has it. */
const HAS_UNIT = `instr(der, x'060355040b') > 0`;
const AT_ONCE = 1000;

/** Part of a change of the schema: the groups of clients that are on record already are in their certificates. */
export function addClientGroups(registry: Connection): void {
  registry.execute(CLIENT_GROUPS);
  const page = `SELECT rowid, der, status FROM certificates
    WHERE kind = 'client' AND rowid > ? AND ${HAS_UNIT} ORDER BY rowid LIMIT ${AT_ONCE}`;
  let last = 0;
  for (let rows = registry.all(page, last); rows.length > 0; rows = registry.all(page, last)) {
    for (const row of rows) {
      const certificate = unlessRefused(() => readCertificate(asBytes(row['der'])));
      if (certificate !== undefined) insertGroups(registry, certificate, row['status'] === 'current');
    }
    last = Number(rows.at(-1)?.['rowid']);
  }
}

export function insertGroups(registry: Connection, { info }: Certificate, isInForce = true): void {
  for (const name of new Set(info.subject.organizationalUnits))
    registry.run(
      'INSERT INTO client_groups (serial, name, in_force) VALUES (?, ?, ?)',
      info.serial,
      name,
      isInForce ? 1 : 0,
    );
}
