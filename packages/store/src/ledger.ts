import type { Registry } from './registry.ts';

export type LedgerAction =
  'ca.created' | 'certificate.issued' | 'certificate.replaced' | 'certificate.reinstated' | 'probe.issued';

export type LedgerEvent = {
  readonly at: Date;
  readonly operator: string;
  readonly action: LedgerAction;
  readonly serial: string;
  readonly detail?: Readonly<Record<string, string>>;
};

/** Adds to the history. The database itself refuses to change or remove what is in it. */
export function appendEvent(
  registry: Registry,
  { at, operator, action, serial, detail = {} }: LedgerEvent,
): void {
  registry.run(
    'INSERT INTO events (at, operator, action, serial, detail) VALUES (?, ?, ?, ?, ?)',
    at.toISOString(),
    operator,
    action,
    serial,
    JSON.stringify(detail),
  );
}
