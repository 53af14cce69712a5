import { findingsOf } from './findings.ts';
import type { ProofOrder, ProofTarget } from './order.ts';
import { PATIENCE } from './outcome.ts';
import type { AddressProof } from './proof.ts';
import { reach } from './reach.ts';

/**
 * The proof that there is no connection to an address; `undefined` where there is one. It costs a single connection on which
 * nothing is said, so many addresses can be tried at once.
 */
export async function absenceAt(
  order: Omit<ProofOrder, 'targets'>,
  target: ProofTarget,
  patienceMs: number = PATIENCE,
): Promise<AddressProof | undefined> {
  const reached = await reach(target, patienceMs);
  if ('socket' in reached) {
    reached.socket.destroy();
    return undefined;
  }
  const { outcome } = reached;
  if (outcome.kind !== 'unreachable') return undefined;
  const { who } = order.client;
  const probes = [{ kind: 'client', who, expected: 'accepted', outcome, isGood: false }] as const;
  const attempt = { probes, fingerprint: order.fingerprint, isLetIn: false };
  return { target, ...findingsOf({ ...order, targets: [target] }, attempt, false) };
}
