import { listState } from '@docker-mtls/ca';
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

function ageFindings(list: RevocationList, now: Date): readonly FoundFinding[] {
  const { number, thisUpdate, nextUpdate } = list;
  const ends = `${moment(nextUpdate)}, ${distance(nextUpdate, now)}`;
  const finding = (word: 'crl-stale' | 'crl-due', message: string): readonly FoundFinding[] => [
    found('authority', word, { subject: SUBJECT, message: `list ${number} ${message}` }),
  ];
  switch (listState(list, now)) {
    case 'valid':
      return [];
    case 'due':
      return finding('crl-due', `is good until ${ends}`);
    case 'expired':
      return finding('crl-stale', `was to be replaced by ${ends}`);
    case 'not-yet-valid':
      return finding('crl-stale', `begins on ${moment(thisUpdate)}, and it is ${moment(now)} here`);
  }
}
