import { ATTENTION } from './attention-schema.ts';
import { addClientGroups } from './client-groups-schema.ts';
import { chainEvents } from './event-chain-schema.ts';
import type { Connection } from './connection.ts';

// Times are ISO 8601 text in UTC, as `Date.toISOString` writes them: they sort, and any SQLite tool shows them.
const FIRST_SCHEMA = `
CREATE TABLE certificates (
  serial TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('ca', 'server', 'client', 'probe')),
  name TEXT NOT NULL,
  folder TEXT,
  folder_key TEXT,
  not_before TEXT NOT NULL,
  not_after TEXT NOT NULL,
  key_type TEXT NOT NULL,
  key_id TEXT,
  fingerprint TEXT NOT NULL,
  der BLOB NOT NULL,
  issued_at TEXT NOT NULL,
  issued_by TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'current' CHECK (status IN ('current', 'replaced', 'revoked')),
  replaced_at TEXT,
  replaced_by TEXT,
  revoked_at TEXT,
  revocation_reason TEXT
) STRICT;
CREATE UNIQUE INDEX certificates_current_folder ON certificates (kind, folder_key)
  WHERE status = 'current' AND folder_key IS NOT NULL;
CREATE INDEX certificates_name ON certificates (name);
CREATE INDEX certificates_replaced_by ON certificates (replaced_by) WHERE replaced_by IS NOT NULL;
CREATE TRIGGER certificates_are_kept BEFORE DELETE ON certificates
  BEGIN SELECT RAISE(ABORT, 'a certificate is never forgotten'); END;
CREATE TRIGGER certificates_are_fixed
  BEFORE UPDATE OF serial, kind, name, not_before, not_after, fingerprint, der, issued_at, issued_by ON certificates
  BEGIN SELECT RAISE(ABORT, 'what a certificate says is fixed'); END;

CREATE TABLE revocation_lists (
  id INTEGER PRIMARY KEY,
  pem TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  operator TEXT NOT NULL,
  action TEXT NOT NULL,
  serial TEXT,
  detail TEXT NOT NULL CHECK (json_valid(detail))
) STRICT;
CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER events_are_not_removed BEFORE DELETE ON events
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER events_are_not_overwritten BEFORE INSERT ON events
  WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id)
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
`;

// Publications that have begun: nothing has to be searched for after a crash.
const UNFINISHED_WORK = `
CREATE TABLE unfinished (
  serial TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('server', 'client')),
  folder TEXT NOT NULL
) STRICT;
`;

// What is asked for of a million certificates is found through an index. Each event names the one before by its hash.
const INDICES_AND_CHAIN = `
CREATE INDEX certificates_in_force ON certificates (kind, name) WHERE status = 'current';
CREATE INDEX certificates_ending ON certificates (not_after) WHERE status = 'current' AND kind <> 'probe';
ALTER TABLE events ADD COLUMN previous TEXT;
ALTER TABLE events ADD COLUMN hash TEXT;
CREATE TRIGGER events_are_chained BEFORE INSERT ON events WHEN NEW.previous IS NULL OR NEW.hash IS NULL
  BEGIN SELECT RAISE(ABORT, 'an event names the one before'); END;
`;

// A certificate need not be on record to be revoked: of one that another program issued with this CA's key, the serial
// number may be all that is known. Of each CA's lists only the newest is kept.
const REVOCATIONS = `
CREATE TABLE revocations (
  serial TEXT PRIMARY KEY,
  issuer TEXT NOT NULL,
  not_after TEXT,
  public_key TEXT,
  revoked_at TEXT NOT NULL,
  revoked_by TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX revocations_of_keys ON revocations (public_key) WHERE reason = 'keyCompromise';
CREATE TRIGGER revocations_are_kept BEFORE DELETE ON revocations
  BEGIN SELECT RAISE(ABORT, 'a revocation is never taken back'); END;
CREATE TRIGGER revocations_are_fixed
  BEFORE UPDATE OF serial, issuer, not_after, public_key, revoked_at, revoked_by ON revocations
  BEGIN SELECT RAISE(ABORT, 'a revocation is never changed, but for its reason'); END;
CREATE INDEX certificates_of_keys ON certificates (key_id) WHERE key_id IS NOT NULL;

ALTER TABLE revocation_lists ADD COLUMN issuer TEXT;
ALTER TABLE revocation_lists ADD COLUMN number TEXT NOT NULL DEFAULT '1';
ALTER TABLE revocation_lists ADD COLUMN next_update TEXT;
ALTER TABLE revocation_lists ADD COLUMN published INTEGER NOT NULL DEFAULT 1;
UPDATE revocation_lists SET issuer = (SELECT key_id FROM certificates WHERE kind = 'ca' ORDER BY rowid LIMIT 1);
`;

// A CA may have several keys in the course of a rotation: which one signs, and which file of `private` has it. Of a key, the
// CA certificate in force is the current one in `certificates`. A row in `roots_due`: the copies of ca.pem have yet to
// follow.
const AUTHORITIES = `
CREATE TABLE authorities (
  key_id TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('prepared', 'signing', 'retiring', 'retired')),
  key_file TEXT NOT NULL,
  changed_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX authorities_signing ON authorities (state) WHERE state = 'signing';
INSERT INTO authorities (key_id, state, key_file, changed_at)
  SELECT coalesce(key_id, serial), 'signing', 'ca-key.pem', issued_at FROM certificates
  WHERE kind = 'ca' AND status = 'current' ORDER BY issued_at DESC, rowid DESC LIMIT 1;
CREATE TABLE roots_due (id INTEGER PRIMARY KEY CHECK (id = 1)) STRICT;
CREATE TABLE list_numbers (issuer TEXT PRIMARY KEY, at_least TEXT NOT NULL) STRICT;
`;

// Of certificates in force: renewals that failed, and hooks that have not succeeded. A hook's command is never kept.
const RENEWALS = `
CREATE TABLE renewal_failures (
  serial TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  failed_at TEXT NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL
) STRICT;
CREATE TABLE hooks (
  serial TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'failed')),
  at TEXT NOT NULL,
  outcome TEXT NOT NULL
) STRICT;
`;

// Where bundles and exported credentials were written: status and renew look there.
const COPY_FOLDERS = `
CREATE TABLE copy_folders (folder TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT;
`;

// The certificate of a serial number that was revoked alone may come to light later, and its key with it.
const LATER_KEYS = `
DROP TRIGGER revocations_are_fixed;
CREATE TRIGGER revocations_are_fixed
  BEFORE UPDATE OF serial, issuer, revoked_at, revoked_by ON revocations
  BEGIN SELECT RAISE(ABORT, 'a revocation is never changed, but for its reason'); END;
CREATE TRIGGER revocations_keep_their_keys
  BEFORE UPDATE OF not_after, public_key ON revocations WHEN OLD.public_key IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'a revocation is never changed, but for its reason'); END;
`;

/** SQL, or what SQL alone cannot do. */
export type Migration = string | ((registry: Connection) => void);

/** Step n brings a registry of schema n to schema n + 1. Steps are only ever added. */
export const MIGRATIONS: readonly Migration[] = [
  FIRST_SCHEMA,
  UNFINISHED_WORK,
  INDICES_AND_CHAIN,
  REVOCATIONS,
  AUTHORITIES,
  ATTENTION,
  RENEWALS,
  chainEvents,
  COPY_FOLDERS,
  addClientGroups,
  LATER_KEYS,
];
