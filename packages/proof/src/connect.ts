import { askInTheClear, askOverTls } from './ask.ts';
import type { Hello } from './ask.ts';
import type { Budget } from './budget.ts';
import type { ProofTarget } from './order.ts';
import { PATIENCE, silence } from './outcome.ts';
import type { ProbeOutcome } from './outcome.ts';
import { limitRead, reach } from './reach.ts';

export type ConnectOrder = {
  readonly target: ProofTarget;
  /** Called once there is a connection; without it, HTTP is spoken in the clear. */
  readonly hello?: (() => Promise<Hello>) | undefined;
  /** Shared by all connections to the address; without it, each has what is usual. */
  readonly budget?: Budget | undefined;
};

/** Connects once and says what came of it. */
export async function connectTo({ target, hello, budget }: ConnectOrder): Promise<ProbeOutcome> {
  const patienceMs = budget?.left() ?? PATIENCE;
  if (budget !== undefined && patienceMs === 0) return silence(budget.patienceMs);
  const reached = await reach(target, patienceMs);
  if ('outcome' in reached) return reached.outcome;
  const { socket, from } = reached;
  if (budget !== undefined) limitRead(socket, budget.read);
  try {
    const outcome = await (hello === undefined
      ? askInTheClear(socket, target.host, budget)
      : askOverTls(socket, await hello(), budget));
    return { ...outcome, from };
  } finally {
    // Also when a pair could not be read: an open connection keeps the program from ending.
    socket.destroy();
  }
}
