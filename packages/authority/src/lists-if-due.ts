import { listState, validityState } from '@docker-mtls/ca';
import { keyIdOf } from '@docker-mtls/ca-directory';
import type { RevocationList } from '@docker-mtls/ca-directory';
import { issueLists } from './revoke.ts';
import type { Session } from './session.ts';

/**
 * Makes the next revocation lists when one of a trusted key is in the last half of its life, has ended, or was made by a
 * clock that was ahead. A CA that has ended or not begun makes none. Returns that of the key that signs.
 */
export async function issueListsIfDue(session: Session): Promise<RevocationList | undefined> {
  const { reader, caller } = session;
  const now = caller.now();
  const ca = await reader.authority();
  if (['expired', 'not-yet-valid'].includes(validityState(ca.certificate.info, now))) return undefined;
  let isDue = false;
  for (const { certificate } of await reader.authorities()) {
    const list = await reader.revocationList(keyIdOf(certificate));
    isDue ||= list !== undefined && listState(list, now) !== 'valid';
  }
  return isDue ? (await issueLists(session))[0] : undefined;
}
