import type { Binding, Policy, Role, SubjectPattern } from '../document/policy.ts';
import type { Subject } from './request.ts';

/** A role that a subject has, and the place in the policy that gives it. */
export type Grant = { readonly role: Role; readonly rule: string };

/** The roles of a subject at a moment, in the order of the bindings, each once. */
export function grantsOf({
  policy,
  subject,
  now,
}: {
  policy: Policy;
  subject: Subject;
  now: number;
}): readonly Grant[] {
  if (subject.kind === 'local') {
    const role = policy.local === undefined ? undefined : policy.roles.get(policy.local);
    return role === undefined ? [] : [{ role, rule: 'local' }];
  }
  const grants: Grant[] = [];
  for (const { binding, rule } of bindingsOf(policy.bindings, subject)) {
    const { until } = binding;
    const role = policy.roles.get(binding.role);
    const hasEnded = until !== undefined && now >= until;
    if (role !== undefined && !hasEnded && grants.every((each) => each.role !== role))
      grants.push({ role, rule });
  }
  return grants;
}

type Certificate = Extract<Subject, { kind: 'certificate' }>;
type Place = { readonly binding: Binding; readonly rule: string };

/** What was found last for a subject: a plugin has the same one for each request of a client. */
const found = new WeakMap<
  Certificate,
  { readonly bindings: Policy['bindings']; readonly places: readonly Place[] }
>();

/** The bindings for a subject, ended ones too. */
function bindingsOf(bindings: Policy['bindings'], subject: Certificate): readonly Place[] {
  const last = found.get(subject);
  if (last?.bindings === bindings) return last.places;
  const places = bindings.flatMap((binding, index) =>
    binding.subjects.some((pattern) => matchesSubject(pattern, subject))
      ? [{ binding, rule: `bindings[${index}]` }]
      : [],
  );
  found.set(subject, { bindings, places });
  return places;
}

export function matchesSubject(pattern: SubjectPattern, subject: Certificate): boolean {
  if (pattern.kind === 'fingerprint') return pattern.value === subject.fingerprint;
  if (pattern.issuer !== undefined && pattern.issuer !== subject.issuer) return false;
  switch (pattern.kind) {
    case 'cn':
      return matchesStart(pattern.value, subject.commonName);
    case 'uri':
      return subject.uris.some((uri) => matchesStart(pattern.value, uri));
    case 'ou':
      return subject.organizationalUnits.includes(pattern.value);
  }
}

/** A star is at the end alone: the parser refuses any other. */
function matchesStart(pattern: string, value: string): boolean {
  return pattern === value || (pattern.endsWith('*') && value.startsWith(pattern.slice(0, -1)));
}
