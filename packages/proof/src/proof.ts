import type { Finding } from '@docker-mtls/errors';
import type { ProbeOutcome } from './outcome.ts';
import type { OfferedTls, ProofTarget, StrangerKind } from './order.ts';

export type ProofFindingId =
  | 'address-unreachable'
  | 'not-tls'
  | 'other-certificate'
  | 'certificate-not-trusted'
  | 'client-rejected'
  | 'client-denied-by-plugin'
  | 'authorization-plugin-down'
  | 'client-not-served'
  | 'engine-silent'
  | 'stranger-accepted'
  | 'rejection-unclear'
  | 'foreign-client-ca'
  | 'client-cas-unlisted'
  | 'engine-changed';

export type ProofFinding = Finding<ProofFindingId>;

/** One connection: who connected, how, and what came of it. */
export type Probe = {
  readonly kind: 'client' | StrangerKind;
  readonly who: string;
  readonly expected: 'accepted' | 'rejected';
  /** Absent without TLS. */
  readonly version?: OfferedTls;
  /** What was sent as SNI, if anything was. */
  readonly sni?: string;
  readonly outcome: ProbeOutcome;
  readonly isGood: boolean;
};

/**
 * - `secured`: the client was accepted, everybody else rejected, and the client accepted again.
 * - `unsecured`: somebody else was let in, or other CAs are trusted.
 * - `unclear`: neither could be shown.
 * - `unreachable`: there was no connection.
 */
export type ProofVerdict = 'secured' | 'unsecured' | 'unclear' | 'unreachable';

export type AddressProof = {
  readonly target: ProofTarget;
  readonly verdict: ProofVerdict;
  /** SHA-256 (hex) of the certificate that was presented. */
  readonly fingerprint?: string;
  readonly probes: readonly Probe[];
  readonly findings: readonly ProofFinding[];
};

export type EngineProof = {
  /** `secured` only where each address is. */
  readonly verdict: ProofVerdict;
  readonly addresses: readonly AddressProof[];
};
