import type { Inspection } from '../body/inspect.ts';
import type { Breach } from '../body/check.ts';
import { inspect } from '../body/inspect.ts';
import type { Policy, Role } from '../document/policy.ts';
import type { GuardName } from '../guards.ts';
import type { Route } from '../route/route.ts';
import { route as routeOf } from '../route/route.ts';
import type { Decision } from './decision.ts';
import { checkObjects, combineOutcomes, distinct } from './objects.ts';
import type { PolicyRequest } from './request.ts';
import { checkSettings } from './settings-of-objects.ts';
import type { Grant } from './subject.ts';
import { grantsOf } from './subject.ts';
import { targetsOf } from './targets.ts';

/** The engine reads up to 4 MiB for a plugin, and up to 29.3.0 without telling it what was cut off. */
const LARGEST_BODY = 3 * 1024 * 1024;

type Verdict = Omit<Decision, 'allow'>;

/** Decides on one request. Whether the certificate is valid, and neither revoked nor locked, is settled before. */
export function decide(policy: Policy, request: PolicyRequest): Decision {
  const verdict = judge(policy, request);
  const { denied: isDenied, operation, role, rule, guard, reason, needs } = verdict;
  const allow = !isDenied || policy.mode === 'observe';
  return { allow, denied: isDenied, operation, role, rule, guard, reason, needs };
}

function judge(policy: Policy, request: PolicyRequest): Verdict {
  const route = routeOf(request.method, request.uri);
  if (route === undefined)
    return denied({ rule: 'route', reason: 'no operation of the engine that docker-mtls knows' });
  const { operation } = route;
  if ((request.body?.length ?? 0) > LARGEST_BODY) {
    return denied({ operation, rule: 'size', reason: `the body has more than ${LARGEST_BODY} bytes` });
  }
  const isPing = operation === 'SystemPing' || operation === 'SystemPingHead';
  if (isPing && request.subject.kind === 'certificate') {
    return allowed({ operation, rule: 'ping', reason: 'every client may ping' });
  }
  const grants = grantsOf({ policy, subject: request.subject, now: request.now });
  if (grants.length === 0)
    return denied({ operation, rule: 'bindings', reason: 'no binding gives this client a role' });
  const able = grants.filter(({ role }) => role.operations.has(operation));
  if (able.length === 0) {
    const role = grants.map((grant) => grant.role.name).join(', ');
    return denied({ operation, role, rule: 'roles', reason: `no role of this client allows ${operation}` });
  }
  return judgeGrants(able, { route, request });
}

type Context = { readonly route: Route; readonly request: PolicyRequest };

/** One role that permits the request is enough; roles are not mixed, so a guard is lifted only by a role that lifts it. */
function judgeGrants(grants: readonly Grant[], context: Context): Verdict {
  let inspection: Inspection | undefined;
  const seen = (): Inspection => {
    inspection ??= inspect(context.route, context.request);
    return inspection;
  };
  const verdicts: Verdict[] = [];
  for (const grant of grants) {
    const verdict = judgeGrant(grant, context, seen);
    if (!verdict.denied) return verdict;
    verdicts.push(verdict);
  }
  const needs = distinct(verdicts.flatMap((verdict) => verdict.needs));
  const closest = verdicts.find((verdict) => verdict.needs.length > 0) ?? verdicts[0];
  if (closest === undefined) throw new Error('judged no grant');
  return { ...closest, needs };
}

function judgeGrant({ role, rule }: Grant, { route, request }: Context, seen: () => Inspection): Verdict {
  const base = { operation: route.operation, role: role.name };
  const grant = {
    operation: route.operation,
    role: role.name,
    rule,
    reason: `the role ${role.name} allows it`,
  };
  if (role.guards.size === 0 && role.objects.length === 0) return allowed(grant);
  const inspection = seen();
  const { found } = request;
  const breach = inspection.breaches.find((each) => refuses(role, each));
  const settings =
    breach === undefined ? checkSettings(role, { route, inspection, found }) : { breach, needs: [] };
  if (settings.breach !== undefined) {
    const { guard, where, problem } = settings.breach;
    return denied({
      ...base,
      rule: 'guards',
      guard,
      reason: `${guard}: ${where === '' ? '' : `${where} `}${problem}`,
    });
  }
  if (role.objects.length === 0 && settings.needs.length === 0) {
    return allowed(grant);
  }
  const { volumes, uses } = inspection;
  const questions = { targets: targetsOf(route, inspection), volumes, uses, found };
  const outcome = combineOutcomes([
    ...role.objects.map((each) => checkObjects(each, questions)),
    ...(settings.needs.length === 0 ? [] : [{ kind: 'unresolved', needs: settings.needs } as const]),
  ]);
  if (outcome.kind === 'passed') return allowed(grant);
  if (outcome.kind === 'refused') return denied({ ...base, rule: 'objects', reason: outcome.problem });
  const reason = 'the engine was not asked about the objects';
  return { ...denied({ ...base, rule: 'objects', reason }), needs: outcome.needs };
}

/** Without these, what a rule on objects reads may not be what the engine reads. */
const NEEDED_BY_OBJECTS: ReadonlySet<GuardName> = new Set<GuardName>(['body', 'query', 'upload']);

function refuses({ guards, objects, unknownFields }: Role, { guard, member }: Breach): boolean {
  if (member !== undefined && unknownFields.has(member)) return false;
  return guards.has(guard) || (objects.length > 0 && NEEDED_BY_OBJECTS.has(guard));
}

type Cause = Pick<Verdict, 'rule' | 'reason'> & Partial<Pick<Verdict, 'operation' | 'role' | 'guard'>>;

/** What a client calls an object, or a member, may be as long as its request: its denial and the record of that are not. */
const LONGEST_REASON = 512;

function denied({ rule, reason, operation, role, guard }: Cause): Verdict {
  const told = reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON)}…` : reason;
  return { denied: true, rule, reason: told, operation, role, guard, needs: [] };
}

function allowed({ rule, reason, operation, role }: Cause): Verdict {
  return { denied: false, rule, reason, operation, role, guard: undefined, needs: [] };
}
