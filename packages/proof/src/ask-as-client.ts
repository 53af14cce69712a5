import { connectTo } from './connect.ts';
import type { Pair, Target } from './order.ts';
import type { Outcome } from './outcome.ts';

/** How an engine knows the client, and the client the engine: PEM texts. */
export type ClientTls = { readonly name: string; readonly roots: readonly string[]; readonly pair: Pair };

/** Connects to an engine as one client, over any version of TLS, and asks it for an answer. */
export function askAsClient(target: Target, tls: ClientTls): Promise<Outcome> {
  return connectTo(target, () => Promise.resolve({ ...tls, expected: 'accepted' }));
}
