import { setTimeout as sleep } from 'node:timers/promises';
import { budgetOf } from './budget.ts';
import { findingsOf, isClientAccepted } from './findings.ts';
import { proveOnce } from './prove-once.ts';
import type { Attempt } from './prove-once.ts';
import type { ProofOrder, ProofTarget } from './order.ts';
import type { AddressProof, EngineProof, ProofVerdict } from './proof.ts';

/** Milliseconds before each further attempt: an engine that restarts is back within these. */
const PAUSES = [1000, 3000, 5000];

/** The worst comes first. */
const VERDICTS: readonly ProofVerdict[] = ['unsecured', 'unclear', 'unreachable', 'secured'];

/**
 * Connects to each address of an engine as the client, who is to be accepted, as everybody else, and as the client
 * again. Pairs are asked for once.
 */
export async function proveEngine(order: ProofOrder): Promise<EngineProof> {
  const lasting = withPairsOnce(order);
  const addresses: AddressProof[] = [];
  for (const target of order.targets) addresses.push(await proveAddress(lasting, target));
  const verdicts = new Set(addresses.map(({ verdict }) => verdict));
  return { verdict: VERDICTS.find((verdict) => verdicts.has(verdict)) ?? 'unclear', addresses };
}

/**
 * An engine that restarts or changes its certificate meanwhile is asked again from the start: a proof is made of
 * answers of one engine. What lets a stranger in is not asked again.
 */
async function proveAddress(order: ProofOrder, target: ProofTarget): Promise<AddressProof> {
  const budget = order.patienceMs === undefined ? undefined : budgetOf(order.patienceMs);
  let attempt = await proveOnce(order, target, budget);
  const wasAccepted = isClientAccepted(attempt.probes);
  const taken = budget === undefined ? 0 : budget.patienceMs - budget.left();
  for (const pause of PAUSES) {
    // An attempt that time would cut off says less than the one before.
    if (!isUnsteady(attempt) || (budget !== undefined && budget.left() < pause + 2 * taken)) break;
    await sleep(pause);
    attempt = await proveOnce(order, target, budget);
  }
  return { target, ...findingsOf(order, attempt, wasAccepted) };
}

/** Did the engine accept the client, and then hang up, go away or present another certificate? */
function isUnsteady({ probes, isLetIn }: Attempt): boolean {
  if (isLetIn || !isClientAccepted(probes)) return false;
  const shown = new Set(probes.flatMap(({ outcome }) => outcome.presented?.fingerprint ?? []));
  const isGone = probes.some(
    ({ isGood, outcome }) => !isGood && ['closed', 'unreachable', 'silent'].includes(outcome.kind),
  );
  return isGone || shown.size > 1;
}

/** The same order, with each pair made when it is first asked for, and then kept. */
export function withPairsOnce<T extends Pick<ProofOrder, 'client' | 'strangers'>>(order: T): T {
  return {
    ...order,
    client: { ...order.client, pair: once(order.client.pair) },
    strangers: order.strangers.map(({ pair, ...stranger }) =>
      pair === undefined ? stranger : { ...stranger, pair: once(pair) },
    ),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
