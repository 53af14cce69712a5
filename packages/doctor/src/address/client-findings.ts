import { explainClient } from '@docker-mtls/proof';
import type { ProbeOutcome } from '@docker-mtls/proof';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import type { AddressOrder } from './order.ts';

/** Why the client that the engine is to accept was not served. */
export function clientFindings(
  { subject }: AddressOrder,
  outcome: ProbeOutcome | undefined,
): readonly FoundFinding[] {
  if (outcome === undefined || outcome.kind === 'accepted') return [];
  const { id, message, hint } = explainClient('the client', outcome);
  if (id === 'authorization-plugin-down' || id === 'client-denied-by-plugin')
    return [found('authorization', id, { subject, message, hint })];
  return [found('listeners', id, { subject, message, hint })];
}
