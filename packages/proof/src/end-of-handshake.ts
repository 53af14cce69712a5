import type tls from 'node:tls';
import { CLOSED, failed, silence } from './outcome.ts';
import type { ProbeOutcome } from './outcome.ts';

/** How a handshake failed; `undefined` where it is complete on our side. */
export function endOfHandshake(
  secured: tls.TLSSocket,
  patienceMs: number,
): Promise<ProbeOutcome | undefined> {
  return new Promise((resolve) => {
    const settle = (outcome: ProbeOutcome | undefined): void => {
      clearTimeout(patience);
      resolve(outcome);
    };
    const patience = setTimeout(() => settle(silence(patienceMs)), patienceMs);
    secured.once('secureConnect', () => settle(undefined));
    secured.on('error', (error: NodeJS.ErrnoException) => settle(failed(error)));
    secured.once('close', () => settle(CLOSED));
  });
}
