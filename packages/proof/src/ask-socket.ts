import { askInTheClear } from './ask.ts';
import type { ProbeOutcome } from './outcome.ts';
import { reach } from './reach.ts';
import type { LocalSocket } from './reach.ts';

/** Asks an engine for an answer over a socket of this machine, as the docker command does. */
export async function askSocket(socket: LocalSocket): Promise<ProbeOutcome> {
  const reached = await reach(socket);
  if ('outcome' in reached) return reached.outcome;
  try {
    return await askInTheClear(reached.socket, 'localhost', undefined);
  } finally {
    reached.socket.destroy();
  }
}
