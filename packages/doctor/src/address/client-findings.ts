import { explainClient } from '@docker-mtls/proof';
import type { ProbeOutcome } from '@docker-mtls/proof';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import type { AddressOrder } from './order.ts';

const PLUGIN_HINT =
  'usually an authorization plugin that is down: start it, or wait for its answer with --timeout 20s';

/** Why the client that the engine is to accept was not served. */
export function clientFindings(
  { subject }: AddressOrder,
  outcome: ProbeOutcome | undefined,
): readonly FoundFinding[] {
  if (outcome === undefined || outcome.kind === 'accepted') return [];
  const { id, message, hint } = explainClient('the client', outcome);
  if (id === 'authorization-plugin-down')
    return [found('authorization', id, { subject, message, hint: outcome.plugin ? hint : PLUGIN_HINT })];
  if (id === 'client-denied-by-plugin') return [found('authorization', id, { subject, message, hint })];
  return [found('listeners', id, { subject, message, hint })];
}
