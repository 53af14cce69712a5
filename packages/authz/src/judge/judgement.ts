import type { Who } from '@docker-mtls/audit/log';
import type { Subject } from '@docker-mtls/policy';
import type { VerifiedClient } from '../identity/client.ts';

/** What becomes of a request, and all that is recorded about why. */
export type Judgement = {
  readonly allow: boolean;
  /** Mode observe: the policy denies what is allowed. */
  readonly observed: boolean;
  readonly who: Who;
  readonly operation: string | undefined;
  readonly object: string | undefined;
  readonly role: string | undefined;
  readonly rule: string;
  readonly guard: string | undefined;
  readonly reason: string;
  readonly risks: readonly string[];
  /** The decoded body, where it was looked at. */
  readonly body: Uint8Array | undefined;
  /** What the client is told if it is denied; the audit id comes after it. */
  readonly text: (auditId: string) => string;
};

export const LOCAL: Subject = { kind: 'local' };

export function whoOf({ commonName, organizationalUnits, serial, fingerprint, issuer }: VerifiedClient): Who {
  return { cn: commonName, ou: organizationalUnits, serial, fingerprint, issuer };
}

type Refusal = {
  readonly who: Who;
  /** As the client is to be called in the message. */
  readonly name: string;
  readonly rule: string;
  readonly reason: string;
  readonly operation?: string | undefined;
  readonly object?: string | undefined;
};

/** A denial that does not come from the policy. */
export function refusal({ who, name, rule, reason, operation, object }: Refusal): Judgement {
  return {
    allow: false,
    observed: false,
    who,
    operation,
    object,
    role: undefined,
    rule,
    guard: undefined,
    reason,
    risks: [],
    body: undefined,
    text: (auditId) =>
      `docker-mtls: ${name} may not ${operation ?? 'send this request'}: ${reason} [${auditId}]`,
  };
}
