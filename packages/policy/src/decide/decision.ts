import type { GuardName } from '../guards.ts';
import type { Operation } from '../operations/operation.ts';
import type { Lookup, Subject } from './request.ts';

export type Decision = {
  /** What to tell the engine. In mode observe it is true for what `denied` is true for as well. */
  readonly allow: boolean;
  /** What the policy says. */
  readonly denied: boolean;
  readonly operation: Operation | undefined;
  /** The role that allows it, or that came closest. */
  readonly role: string | undefined;
  /** The place in the policy that decided, such as `bindings[2]`, or the built-in rule. */
  readonly rule: string;
  readonly guard: GuardName | undefined;
  /** A clause for people: what is missing, or what allows it. */
  readonly reason: string;
  /** Objects to ask the engine about. With their answers in `found` the same request may be allowed; without them it is denied. */
  readonly needs: readonly Lookup[];
};

/** What the client is told: who, what and which permission is missing. */
export function denialText(
  decision: Decision,
  { subject, auditId }: { readonly subject: Subject; readonly auditId: string },
): string {
  const who = subject.kind === 'local' ? 'a local client' : subject.commonName;
  const what = decision.operation ?? 'send this request';
  // Decided before the roles of the client were looked at: it may have one.
  if (decision.rule === 'route' || decision.rule === 'size')
    return `docker-mtls: ${who} may not ${what}: ${decision.reason} [${auditId}]`;
  const role = decision.role === undefined ? 'without a role' : `role ${decision.role}`;
  const why = decision.guard === undefined && decision.rule !== 'objects' ? '' : `: ${decision.reason}`;
  return `docker-mtls: ${who} (${role}) may not ${what}${why} [${auditId}]`;
}
