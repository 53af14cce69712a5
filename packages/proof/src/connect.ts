import type { ProbeOutcome } from './outcome.ts';
import type { Hello } from './ask.ts';
import { reach } from './reach.ts';
import type { ProofTarget } from './order.ts';

/** Connects once and says what came of it; without a greeting, in the clear. */
export async function connectTo(
  target: ProofTarget,
  hello: (() => Promise<Hello>) | undefined,
): Promise<ProbeOutcome> {
  const reached = await reach(target);
  if ('outcome' in reached) return reached.outcome;
  const { socket, from } = reached;
  try {
    // Often nothing listens yet: then nobody has to wait for Node to load its HTTP and TLS.
    const { askInTheClear, askOverTls } = await import('./ask.ts');
    const outcome = await (hello === undefined
      ? askInTheClear(socket, target.host)
      : askOverTls(socket, await hello()));
    return { ...outcome, from };
  } finally {
    // Also when a pair could not be read: an open connection keeps the program from ending.
    socket.destroy();
  }
}
