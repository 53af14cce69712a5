import { budgetOf } from './budget.ts';
import { connectTo } from './connect.ts';
import type { PairPem, ProofTarget } from './order.ts';
import type { ProbeOutcome } from './outcome.ts';

/** How an engine knows the client, and the client the engine: PEM texts. */
export type ClientTls = {
  readonly name: string;
  readonly roots: readonly string[];
  readonly pair: PairPem;
  /** Milliseconds that all of it may take; without it, as long as an engine waits for an authorization plugin. */
  readonly patienceMs?: number;
};

/** Connects to an engine as one client, over any version of TLS, and asks it for an answer. */
export function askAsClient(target: ProofTarget, { patienceMs, ...tls }: ClientTls): Promise<ProbeOutcome> {
  return connectTo({
    target,
    hello: () => Promise.resolve({ ...tls, expected: 'accepted' }),
    budget: patienceMs === undefined ? undefined : budgetOf(patienceMs),
  });
}
