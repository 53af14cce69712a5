import type { ProbeOutcome } from './outcome.ts';
import type { StrangerKind } from './order.ts';

/** The alerts with which a server rejects a client for that reason: Go's, and those of RFC 8446 and OpenSSL. */
const REJECTIONS: Readonly<Record<Exclude<StrangerKind, 'plain-http'>, readonly string[]>> = {
  'no-certificate': ['certificate_required', 'bad_certificate', 'handshake_failure'],
  'foreign-ca': ['unknown_ca', 'bad_certificate'],
  expired: ['certificate_expired', 'bad_certificate'],
  'server-certificate': ['unsupported_certificate', 'bad_certificate'],
};

/** Does this version of TLS not exist there? */
export function isVersionUnknown({ kind, alert }: ProbeOutcome): boolean {
  return kind === 'rejected' && alert === 'protocol_version';
}

/** Was somebody let in who is to be rejected? Any HTTP answer says so, whatever its status. */
export function isLetIn(kind: StrangerKind, outcome: ProbeOutcome): boolean {
  if (outcome.kind === 'accepted' || outcome.kind === 'answered') return true;
  // The server finished a TLS 1.2 handshake: it has taken whatever the client showed.
  return (
    kind !== 'plain-http' &&
    outcome.kind !== 'mistrusted' &&
    outcome.isConnected === true &&
    outcome.presented?.request !== undefined
  );
}

/**
 * Is that how an engine rejects this client? An alert counts only from a connection on which the engine presented its
 * certificate, and only if it asked for the client's, where that can be seen.
 */
export function isRejection(kind: StrangerKind, outcome: ProbeOutcome, fingerprint: string): boolean {
  if (kind === 'plain-http') return outcome.kind === 'closed' || outcome.kind === 'rejected';
  const { presented, alert = '' } = outcome;
  return (
    outcome.kind === 'rejected' &&
    REJECTIONS[kind].includes(alert) &&
    presented?.fingerprint === fingerprint &&
    presented.request?.isMade !== false
  );
}
