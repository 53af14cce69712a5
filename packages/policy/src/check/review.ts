import type { Policy, Role } from '../document/policy.ts';
import { isAdministrator } from '../roles/resolve-roles.ts';
import type { PolicyFinding } from './policy-finding.ts';
import { reviewRole } from './review-role.ts';

/**
 * What a valid policy relies on and an authorization plugin cannot see (docs/policy.md, Guards), and what in it has no effect.
 * `now` in milliseconds since 1970.
 */
export function review(policy: Policy, now: number): readonly PolicyFinding[] {
  const held = heldRoles(policy, now);
  return [...ofMode(policy), ...ofBindings(policy, now), ...ofLocal(policy), ...held.flatMap(reviewRole)];
}

/** Those that somebody has now. */
function heldRoles({ bindings, roles, local }: Policy, now: number): readonly Role[] {
  const names = bindings.flatMap(({ role, until, subjects }) =>
    subjects.length > 0 && (until === undefined || until > now) ? [role] : [],
  );
  return [...new Set([...names, ...(local === undefined ? [] : [local])])].flatMap(
    (name) => roles.get(name) ?? [],
  );
}

function ofMode({ mode }: Policy): readonly PolicyFinding[] {
  if (mode === 'enforce') return [];
  return [
    {
      id: 'mode-observe',
      severity: 'warning',
      message: 'mode: observe denies nothing but revoked, locked and expired certificates',
      hint: 'set mode: enforce once the audit log shows no denial of ordinary work',
    },
  ];
}

function ofBindings({ bindings }: Policy, now: number): readonly PolicyFinding[] {
  return bindings.flatMap(({ role, until }, index): PolicyFinding[] => {
    if (until === undefined || until > now) return [];
    const since = new Date(until).toISOString();
    return [
      {
        id: 'binding-ended',
        severity: 'warning',
        message: `bindings[${index}] (role ${role}) has not been in force since ${since}`,
        hint: 'remove the binding, or set another until',
      },
    ];
  });
}

/** Native gRPC, engine 29.2 and later: the handler of BuildKit comes before the one that asks the plugin. */
function ofLocal({ local, roles }: Policy): readonly PolicyFinding[] {
  const role = local === undefined ? undefined : roles.get(local);
  if (role !== undefined && isAdministrator(role)) return [];
  const who = local === undefined ? 'no role' : `the role ${local}`;
  return [
    {
      id: 'local-builds',
      severity: 'note',
      message: `local users have ${who}, but engines from 29.2 on take builds over gRPC on the unix socket without asking a plugin`,
      hint: 'let nobody but root open the socket: keep the group docker empty',
    },
  ];
}
