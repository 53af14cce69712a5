import type { Policy, Role, SubjectPattern } from '../document/policy.ts';
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
  if (subject.kind === 'local') return grant(policy, policy.local, 'local');
  const grants = policy.bindings.flatMap(({ role, subjects, until }, index) => {
    const holds =
      (until === undefined || now < until) && subjects.some((pattern) => matchesSubject(pattern, subject));
    return holds ? grant(policy, role, `bindings[${index}]`) : [];
  });
  return grants.filter(({ role }, index) => grants.findIndex((other) => other.role === role) === index);
}

function grant(policy: Policy, name: string | undefined, rule: string): readonly Grant[] {
  const role = name === undefined ? undefined : policy.roles.get(name);
  return role === undefined ? [] : [{ role, rule }];
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
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : pattern === value;
}
