import { crlSigner, openCrls } from '@docker-mtls/ca';
import type { Certificate, OpenCrl } from '@docker-mtls/ca';
import { AuthzError } from '../error.ts';
import { keyOf } from './client.ts';

/** What a CA says of the certificates that it issued. */
export type RevokedSerials = {
  readonly number: bigint;
  /** Milliseconds since 1970: when the next list is due. */
  readonly nextUpdate: number | undefined;
  /** Serial numbers in lower-case hexadecimal. */
  readonly revoked: ReadonlySet<string>;
  readonly der: Buffer;
};

/** The list in force of each CA, by the key that signed it. */
export type Revocations = ReadonlyMap<string, RevokedSerials>;

export const NO_LISTS: Revocations = new Map();

/** Lets requests be answered: a list of 100,000 takes longer than any of them should wait. */
const pause = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
/** So many entries take about 2 ms. */
const PIECE = 5000;

/** Every list of a PEM file, or the one of a DER file, in pieces. Each has to be signed by one of the roots. */
export async function parseRevocations(bytes: Buffer, roots: readonly Certificate[]): Promise<Revocations> {
  const lists = new Map<string, RevokedSerials>();
  await pause();
  for (const crl of openCrls(bytes)) {
    await pause();
    const [key, list] = await verified(crl, roots);
    if (lists.has(key)) throw refused('it has two lists of one CA');
    lists.set(key, list);
  }
  return lists;
}

/**
 * The lists in force after new ones came. A CA's list stays until a later one of it comes: an earlier number is refused, and so is
 * the same number with other content.
 */
export function nextRevocations(inForce: Revocations, next: Revocations): Revocations {
  for (const [key, list] of next) {
    const before = inForce.get(key);
    if (before === undefined || list.number > before.number) continue;
    if (list.number < before.number)
      throw refused(`its number is ${list.number}, and ${before.number} was in force already`);
    if (!list.der.equals(before.der)) throw refused(`there is another list with the number ${list.number}`);
  }
  return new Map([...inForce, ...next]);
}

async function verified(
  crl: OpenCrl,
  roots: readonly Certificate[],
): Promise<readonly [string, RevokedSerials]> {
  const signer = crlSigner(crl, roots);
  if (signer === undefined) throw refused(`no CA of this engine signed it (issuer: ${crl.issuer.text})`);
  if (crl.number === undefined) throw refused('it has no number');
  const revoked = new Set<string>();
  for (const { serial } of crl.entries()) {
    if (revoked.size % PIECE === 0) await pause();
    revoked.add(serial);
  }
  const nextUpdate = crl.nextUpdate?.getTime();
  return [keyOf(signer), { number: crl.number, nextUpdate, revoked, der: crl.der }];
}

function refused(reason: string): AuthzError {
  return new AuthzError('AUTHZ_LIST_REFUSED', `the revocation list is refused: ${reason}`, {
    hint: 'deliver the newest crl.pem of the CA',
  });
}
