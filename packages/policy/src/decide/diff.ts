import type { Binding, ObjectRule, Policy, Role, SubjectPattern } from '../document/policy.ts';
import type { Operation } from '../operations/operation.ts';
import { guardsOfOperation } from './guards-of-operation.ts';

/**
 * Something that is allowed by one policy and not by another. `guard` is the guard that no longer applies, `objects` for objects
 * that were out of reach, `unknown:NAME` for an unchecked member; without it, the operation as such.
 */
export type Widening = {
  /** A role, or who has got it: `local`, or a subject such as `cn alice`. */
  readonly holder: string;
  readonly role: string;
  readonly action: Operation | '*';
  readonly guard: string | undefined;
};

export type PolicyDiff = { readonly widened: readonly Widening[]; readonly narrowed: readonly Widening[] };

/** All that a new policy allows and the old one does not, and the other way round: every role, action and guard is compared. */
export function diff(old: Policy, next: Policy): PolicyDiff {
  return { widened: widenings(old, next), narrowed: widenings(next, old) };
}

function widenings(old: Policy, next: Policy): readonly Widening[] {
  const ofRoles = [...next.roles.values()].flatMap((role) =>
    missingFrom(old.roles.get(role.name), role).map((each) => ({
      holder: role.name,
      role: role.name,
      ...each,
    })),
  );
  const isObserving = next.mode === 'observe' && old.mode === 'enforce';
  const ofMode = isObserving ? [{ holder: 'mode observe', role: '*', action: '*' as const, guard: '*' }] : [];
  const isLessStrict = next.crl.stale === 'warn' && old.crl.stale === 'deny';
  const ofLists = isLessStrict ? [{ holder: 'crl stale', role: '*', action: '*' as const, guard: '*' }] : [];
  return [...ofMode, ...ofLists, ...ofRoles, ...grantsMissingFrom(old, next)];
}

type Change = Pick<Widening, 'action' | 'guard'>;

function missingFrom(old: Role | undefined, next: Role): readonly Change[] {
  return [...next.operations].flatMap((action): Change[] => {
    if (old?.operations.has(action) !== true)
      return [{ action, guard: undefined }, ...lifted(undefined, next, action)];
    return [...lifted(old, next, action)];
  });
}

function lifted(old: Role | undefined, next: Role, action: Operation): readonly Change[] {
  const relevant = guardsOfOperation(action);
  const guards: string[] = relevant.filter(
    (guard) => !next.guards.has(guard) && old?.guards.has(guard) !== false,
  );
  if (old !== undefined) {
    if (!areNarrower(next.objects, old.objects)) guards.push('objects');
    if (relevant.includes('unknown-fields')) {
      guards.push(
        ...[...next.unknownFields]
          .filter((name) => !old.unknownFields.has(name))
          .map((name) => `unknown:${name}`),
      );
    }
  }
  return guards.map((guard) => ({ action, guard }));
}

/** Each old rule is still there, or there is one that permits less. Patterns are compared as text, so some that permit less are reported. */
function areNarrower(next: readonly ObjectRule[], old: readonly ObjectRule[]): boolean {
  return old.every((before) => next.some((after) => isNarrower(after, before)));
}

function isNarrower(next: ObjectRule, old: ObjectRule): boolean {
  const keepsLabels = Object.entries(old.labels ?? {}).every(
    ([name, value]) => next.labels?.[name] === value,
  );
  return isPart(next.names, old.names) && isPart(next.images, old.images) && keepsLabels;
}

function isPart(inner: readonly string[] | undefined, outer: readonly string[] | undefined): boolean {
  return outer === undefined || (inner !== undefined && inner.every((each) => outer.includes(each)));
}

/** Roles that somebody has got, or has for longer. */
function grantsMissingFrom(old: Policy, next: Policy): readonly Widening[] {
  const holders = next.bindings.flatMap((binding) =>
    binding.subjects
      .filter((subject) => !isHeld(old.bindings, subject, binding))
      .map((subject) => ({ holder: roleNameOf(subject), role: binding.role })),
  );
  const isLocalNew = next.local !== undefined && next.local !== old.local;
  const local = isLocalNew ? [{ holder: 'local', role: next.local ?? '' }] : [];
  return [...holders, ...local].map((each) => ({ ...each, action: '*', guard: undefined }));
}

function isHeld(
  bindings: readonly Binding[],
  subject: SubjectPattern,
  { role, until = Infinity }: Binding,
): boolean {
  return bindings.some(
    (binding) =>
      binding.role === role &&
      (binding.until ?? Infinity) >= until &&
      binding.subjects.some((each) => isCovered(subject, each)),
  );
}

/** Does everything that matches one pattern match the other too? */
function isCovered(inner: SubjectPattern, outer: SubjectPattern): boolean {
  if (roleNameOf(inner) === roleNameOf(outer)) return true;
  if (inner.kind !== outer.kind || (inner.kind !== 'cn' && inner.kind !== 'uri')) return false;
  const isOfIssuer = !('issuer' in outer) || ('issuer' in inner && inner.issuer === outer.issuer);
  return isOfIssuer && isSameOrLonger(inner.value, outer.value);
}

/** A star is at the end alone. */
function isSameOrLonger(inner: string, outer: string): boolean {
  return inner === outer || (outer.endsWith('*') && inner.startsWith(outer.slice(0, -1)));
}

export function roleNameOf(subject: SubjectPattern): string {
  const issuer =
    subject.kind === 'fingerprint' || subject.issuer === undefined ? '' : ` issued by ${subject.issuer}`;
  return `${subject.kind} ${subject.value}${issuer}`;
}
