import type { RevocationList, StoreReader } from '@docker-mtls/ca-directory';
import { distance, moment } from '@docker-mtls/text';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';

/** Whether each revocation list is still in date. */
export async function listFindings(reader: StoreReader, now: Date): Promise<readonly FoundFinding[]> {
  const findings: FoundFinding[] = [];
  for (const { keyId } of await reader.authorities()) {
    const list = await reader.revocationList(keyId);
    if (list !== undefined) findings.push(...ageFindings(list, now));
  }
  return findings;
}

const SUBJECT = 'crl.pem';

function ageFindings({ number, thisUpdate, nextUpdate }: RevocationList, now: Date): readonly FoundFinding[] {
  const ends = `${moment(nextUpdate)}, ${distance(nextUpdate, now)}`;
  if (now > nextUpdate) {
    const message = `list ${number} was to be replaced by ${ends}`;
    return [found('authority', 'crl-stale', { subject: SUBJECT, message })];
  }
  const middle = (thisUpdate.getTime() + nextUpdate.getTime()) / 2;
  if (now.getTime() < middle) return [];
  return [
    found('authority', 'crl-due', { subject: SUBJECT, message: `list ${number} is good until ${ends}` }),
  ];
}
