import { hasKey } from '@docker-mtls/authority';
import type { Session } from '@docker-mtls/authority';
import { SecureError } from '../error.ts';
import { proofOf } from './proof-step.ts';
import type { ProofSubject } from './proof-step.ts';

/**
 * The proof of this machine's engine once it has restarted, as any client whose key is here. A passphrase is asked for
 * now, not while the engine is away. `CLIENT_MISSING`: there is no such client.
 */
export async function applyProof(
  session: Session,
  subject: () => Promise<Pick<ProofSubject, 'own' | 'server' | 'listens' | 'config'>>,
): Promise<ReturnType<typeof proofOf>> {
  const now = session.caller.now();
  const issued = await session.reader.entries({ kind: 'client' });
  const clients = issued.filter(
    (entry) => entry.status === 'current' && entry.notAfter > now && hasKey(entry),
  );
  if (clients.length === 0) {
    throw new SecureError('CLIENT_MISSING', 'no client key on this machine to test the engine with', {
      hint: 'docker-mtls issue-client NAME',
    });
  }
  await session.authority();
  return proofOf(async () => ({
    session,
    ...(await subject()),
    clients,
    daemon: { written: false },
    place: 'here',
  }));
}
