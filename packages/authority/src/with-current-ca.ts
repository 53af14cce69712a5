import { hasCode } from '@docker-mtls/errors';
import type { Session } from './session.ts';

/** More changes of the CA than these, each of them while something is signed, are not to be waited for. */
const ATTEMPTS = 5;

/**
 * Does work that signs first and takes the lock then. Where another command has changed meanwhile which key signs, nothing was
 * recorded: the work is done again with the key that signs now.
 */
export async function withCurrentCa<T>(
  session: Pick<Session, 'forgetAuthorities'>,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isCaChanged(error) || attempt === ATTEMPTS) throw error;
      session.forgetAuthorities();
    }
  }
}

/** Was something signed with a key that does not sign any more? */
export function isCaChanged(error: unknown): boolean {
  return hasCode(error, 'CA_DIRECTORY_CA_CHANGED');
}
