import type { Policy, SubjectPattern } from '../document/policy.ts';
import type { GuardName } from '../guards.ts';
import type { Operation } from '../operations/operation.ts';

export type RoleHolder = {
  readonly role: string;
  /** Of those that were asked about: all that the role allows. */
  readonly operations: readonly Operation[];
  /** The place in the policy. */
  readonly rule: string;
  readonly subjects: readonly SubjectPattern[] | 'local';
  readonly until: number | undefined;
  /** The role is only for some objects. */
  readonly isLimited: boolean;
};

/** Who may use any of these operations at a moment; with a guard: who may use them in the way that the guard refuses. */
export function whoCan(
  policy: Policy,
  {
    operations,
    guard,
    now,
  }: { readonly operations: ReadonlySet<Operation>; readonly guard?: GuardName; readonly now: number },
): readonly RoleHolder[] {
  const usable = (name: string): readonly Operation[] => {
    const role = policy.roles.get(name);
    if (role === undefined || (guard !== undefined && role.guards.has(guard))) return [];
    return [...operations].filter((operation) => role.operations.has(operation));
  };
  const isLimited = (name: string): boolean => (policy.roles.get(name)?.objects.length ?? 0) > 0;
  const holders = policy.bindings.flatMap(({ role, subjects, until }, index): RoleHolder[] => {
    const able = usable(role);
    if (able.length === 0 || (until !== undefined && now >= until)) return [];
    const rule = `bindings[${index}]`;
    return [{ role, operations: able, rule, subjects, until, isLimited: isLimited(role) }];
  });
  const { local } = policy;
  const able = local === undefined ? [] : usable(local);
  if (local === undefined || able.length === 0) return holders;
  const isLocalLimited = isLimited(local);
  const own = { role: local, operations: able, rule: 'local', until: undefined, isLimited: isLocalLimited };
  return [...holders, { ...own, subjects: 'local' }];
}
