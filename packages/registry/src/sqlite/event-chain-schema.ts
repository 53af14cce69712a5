import { chainEarlierEvents } from './ledger.ts';
import type { Connection } from './connection.ts';

// The same chain as the audit log of an engine has. Events of earlier releases become part of it.
const EVENT_CHAIN_BEGINS = `
DROP TRIGGER events_are_not_changed;
DROP TRIGGER events_are_chained;
`;
const EVENT_CHAIN_ENDS = `
CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER events_are_chained BEFORE INSERT ON events WHEN NEW.previous IS NULL OR NEW.hash IS NULL
  BEGIN SELECT RAISE(ABORT, 'an event names the one before'); END;
CREATE INDEX events_of_certificates ON events (serial);
`;

/** Part of a change of the schema: the events from before are linked as they are. */
export function chainEvents(registry: Connection): void {
  registry.execute(EVENT_CHAIN_BEGINS);
  chainEarlierEvents(registry);
  registry.execute(EVENT_CHAIN_ENDS);
}
