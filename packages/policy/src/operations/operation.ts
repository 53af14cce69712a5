import { ROUTES } from './table.ts';

/** An operation of the engine's API, by the name that its specification gives it. */
export type Operation = (typeof ROUTES)[number][0];

/** Operations that give about the same power. Each operation belongs to exactly one group. */
export type Group = (typeof ROUTES)[number][3];

const groups = new Map<string, Set<Operation>>();
for (const [operation, , , group] of ROUTES) {
  const members = groups.get(group) ?? new Set();
  groups.set(group, members.add(operation));
}

export const OPERATIONS: ReadonlySet<Operation> = new Set(ROUTES.map(([operation]) => operation));

/** By their names as a policy writes them, without the `@`. */
export const GROUPS: ReadonlyMap<string, ReadonlySet<Operation>> = groups;

/** What `allow` may contain besides: everything that the engine serves, today or later. */
export const EVERYTHING = '*';

export function isOperation(name: string): name is Operation {
  return (OPERATIONS as ReadonlySet<string>).has(name);
}

/** What one entry of `allow` stands for: an operation, `@group` or `*`. */
export function operationsOf(entry: string): ReadonlySet<Operation> {
  if (entry === EVERYTHING) return OPERATIONS;
  if (entry.startsWith('@')) return GROUPS.get(entry.slice(1)) ?? new Set();
  return isOperation(entry) ? new Set([entry]) : new Set();
}
