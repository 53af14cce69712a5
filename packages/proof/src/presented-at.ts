import { endOfHandshake } from './end-of-handshake.ts';
import { PATIENCE } from './outcome.ts';
import type { ProbeOutcome } from './outcome.ts';
import type { ProofTarget } from './order.ts';
import { presentedOf } from './presented.ts';
import type { Presented } from './presented.ts';
import { reach } from './reach.ts';
import { readServerFlight } from './server-flight.ts';
import { tap } from './tap.ts';

/** What a server presents, or how the connection ended before it presented anything. */
export type PresentedAt = { readonly presented: Presented } | { readonly outcome: ProbeOutcome };

/**
 * Reads which certificate a server presents. The client shows none and takes any, one that has expired too: the
 * handshake proves nothing else. No request is sent.
 */
export async function presentedAt(target: ProofTarget): Promise<PresentedAt> {
  const reached = await reach(target);
  if ('outcome' in reached) return reached;
  const tapped = tap(reached.socket);
  // Loaded late: often nothing listens.
  const { connect } = await import('node:tls');
  const secured = connect({ socket: tapped.stream, rejectUnauthorized: false, minVersion: 'TLSv1.2' });
  try {
    const outcome = await endOfHandshake(secured, PATIENCE);
    if (outcome === undefined) return { presented: presentedOf(secured.getPeerCertificate().raw) };
    // Under TLS 1.2, a server that rejects a client without a certificate has shown its own before.
    const presented = readServerFlight(tapped.received());
    return presented === undefined ? { outcome } : { presented };
  } finally {
    secured.destroy();
    reached.socket.destroy();
  }
}
