import type { Policy, SubjectPattern } from '../document/policy.ts';
import type { GuardName } from '../guards.ts';
import type { Operation } from '../operations/operation.ts';

export type RoleHolder = {
  readonly role: string;
  /** The place in the policy. */
  readonly rule: string;
  readonly subjects: readonly SubjectPattern[] | 'local';
  readonly until: number | undefined;
  /** The role is only for some objects. */
  readonly isLimited: boolean;
};

/** Who may use an operation at a moment; with a guard: who may use it in the way that the guard refuses. */
export function whoCan(
  policy: Policy,
  {
    operation,
    guard,
    now,
  }: { readonly operation: Operation; readonly guard?: GuardName; readonly now: number },
): readonly RoleHolder[] {
  const isAble = (name: string): boolean => {
    const role = policy.roles.get(name);
    return (
      role !== undefined && role.operations.has(operation) && (guard === undefined || !role.guards.has(guard))
    );
  };
  const isLimited = (name: string): boolean => (policy.roles.get(name)?.objects.length ?? 0) > 0;
  const holders = policy.bindings.flatMap(({ role, subjects, until }, index): RoleHolder[] => {
    if (!isAble(role) || (until !== undefined && now >= until)) return [];
    return [{ role, rule: `bindings[${index}]`, subjects, until, isLimited: isLimited(role) }];
  });
  const { local } = policy;
  if (local === undefined || !isAble(local)) return holders;
  return [
    ...holders,
    { role: local, rule: 'local', subjects: 'local', until: undefined, isLimited: isLimited(local) },
  ];
}
