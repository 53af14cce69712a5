import type { CertificateSubject } from '../decide/certificate-subject.ts';
import { matchesSubject } from '../decide/subject.ts';
import type { Policy, SubjectPattern } from '../document/policy.ts';

/** A subject of a binding, and its place in the policy. */
export type BoundSubject = {
  readonly role: string;
  /** Such as `bindings[2]`. */
  readonly rule: string;
  readonly subject: SubjectPattern;
};

/** The subjects of bindings that match none of these certificates. */
export function unmatchedBindings(
  policy: Policy,
  certificates: readonly CertificateSubject[],
): readonly BoundSubject[] {
  return boundSubjects(policy).filter(({ subject }) => !isMatched(subject, certificates));
}

/** The subjects of all bindings. Those of bindings that have ended count as well: they may be prolonged. */
export function boundSubjects({ bindings }: Policy): readonly BoundSubject[] {
  return bindings.flatMap(({ role, subjects }, index) =>
    subjects.map((subject) => ({ role, rule: `bindings[${index}]`, subject })),
  );
}

function isMatched(pattern: SubjectPattern, certificates: readonly CertificateSubject[]): boolean {
  return certificates.some((certificate) => matchesSubject(pattern, certificate));
}
