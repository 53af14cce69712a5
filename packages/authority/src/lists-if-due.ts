import { keyIdOf } from '@docker-mtls/ca-directory';
import type { RevocationList } from '@docker-mtls/ca-directory';
import { issueLists } from './revoke.ts';
import type { Session } from './session.ts';

/**
 * Makes the next revocation lists when one of a trusted key is in the last half of its life: readers have as long again to
 * fetch it. A CA that has ended makes none. Returns that of the key that signs.
 */
export async function issueListsIfDue(session: Session): Promise<RevocationList | undefined> {
  const { reader, caller } = session;
  const now = caller.now();
  const ca = await reader.authority();
  if (now > ca.certificate.info.notAfter) return undefined;
  let isDue = false;
  for (const { certificate } of await reader.authorities()) {
    const list = await reader.revocationList(keyIdOf(certificate));
    isDue ||= list !== undefined && isInLastHalf(list, now);
  }
  return isDue ? (await issueLists(session))[0] : undefined;
}

function isInLastHalf({ thisUpdate, nextUpdate }: RevocationList, now: Date): boolean {
  return now.getTime() >= (thisUpdate.getTime() + nextUpdate.getTime()) / 2;
}
