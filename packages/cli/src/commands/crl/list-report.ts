import type { RevocationList } from '@docker-mtls/ca-directory';
import { moment } from '@docker-mtls/text';

/** A list that was made, for programs. Numbers may be larger than JSON's. */
export function listJson({
  issuer,
  number,
  thisUpdate,
  nextUpdate,
}: RevocationList): Record<string, unknown> {
  return {
    issuer,
    number: String(number),
    thisUpdate: thisUpdate.toISOString(),
    nextUpdate: nextUpdate.toISOString(),
  };
}

export function listText(file: string, { number, nextUpdate }: RevocationList): string {
  return `revocation list number ${number} in ${file}, the next one due ${moment(nextUpdate)}`;
}
