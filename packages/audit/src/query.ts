import { recordOf } from './chain.ts';

/** Every condition that is given has to hold. */
export type Filter = {
  /** Moments as they stand in the records: ISO 8601 in UTC, `from` included, `until` not. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly cn?: string | undefined;
  readonly serial?: string | undefined;
  readonly operation?: string | undefined;
  readonly object?: string | undefined;
  readonly verdict?: 'allow' | 'deny' | undefined;
  readonly role?: string | undefined;
  readonly guard?: string | undefined;
  readonly id?: string | undefined;
};

const PLACES: readonly (readonly [Exclude<keyof Filter, 'from' | 'until'>, readonly string[]])[] = [
  ['cn', ['who', 'cn']],
  ['serial', ['who', 'serial']],
  ['operation', ['what', 'operation']],
  ['object', ['what', 'object']],
  ['verdict', ['verdict']],
  ['role', ['role']],
  ['guard', ['guard']],
  ['id', ['id']],
];

/** The records that pass a filter, in the order of the lines. A line that is not whole is passed over: `verify` reports it. */
export function* query(
  lines: Iterable<string>,
  filter: Filter,
): Generator<Readonly<Record<string, unknown>>> {
  const conditions = PLACES.flatMap(([name, place]) => {
    const value = filter[name];
    return value === undefined ? [] : [{ place, value, text: JSON.stringify(value) }];
  });
  for (const line of lines) {
    // Most lines are ruled out by their text, which costs a tenth of parsing them.
    if (!conditions.every(({ text }) => line.includes(text))) continue;
    const record = recordOf(line);
    if (record === undefined || !isWithin(record, filter)) continue;
    if (conditions.every(({ place, value }) => valueAt(record, place) === value)) yield record;
  }
}

function isWithin({ time }: Readonly<Record<string, unknown>>, { from, until }: Filter): boolean {
  if (from === undefined && until === undefined) return true;
  return (
    typeof time === 'string' && (from === undefined || time >= from) && (until === undefined || time < until)
  );
}

/** A member of a member. */
export function valueAt(record: unknown, place: readonly string[]): unknown {
  return place.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
    record,
  );
}
