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
  const grants = new Map<string, Grant>();
  // A loop without closures: it runs for each request, over every binding.
  for (let index = 0; index < policy.bindings.length; index += 1) {
    const binding = policy.bindings[index];
    if (binding === undefined || grants.has(binding.role) || !holds(binding, subject, now)) continue;
    const role = policy.roles.get(binding.role);
    if (role !== undefined) grants.set(binding.role, { role, rule: `bindings[${index}]` });
  }
  return [...grants.values()];
}

type Certificate = Extract<Subject, { kind: 'certificate' }>;

function holds({ until, subjects }: Binding, subject: Certificate, now: number): boolean {
  if (until !== undefined && now >= until) return false;
  for (const pattern of subjects) if (matchesSubject(pattern, subject)) return true;
  return false;
}

export function matchesSubject(
  pattern: SubjectPattern,
  subject: Extract<Subject, { kind: 'certificate' }>,
): boolean {
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
