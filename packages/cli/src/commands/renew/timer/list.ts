import { issueList, listIssuer } from '@docker-mtls/authority';
import type { RevocationList } from '@docker-mtls/ca-directory';
import type { CliSession } from '../../../ca/session.ts';

/**
 * Makes the next revocation list when the one before is in the last half of its life: readers have as long again to fetch
 * it. A CA that has ended makes none.
 */
export async function renewListIfDue(session: CliSession): Promise<RevocationList | undefined> {
  const { reader, io } = session;
  const now = io.now();
  const list = reader.revocationList(listIssuer(reader));
  if (list === undefined || now > reader.authority().certificate.info.notAfter) return undefined;
  const half = (list.thisUpdate.getTime() + list.nextUpdate.getTime()) / 2;
  return now.getTime() < half ? undefined : issueList(session);
}
