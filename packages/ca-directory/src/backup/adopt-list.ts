import type { Crl } from '@docker-mtls/ca';
import type { Registry } from '@docker-mtls/registry';
import { newestList } from '../revocation-lists.ts';
import { enterRevocation, recordedCertificate } from '../revoke.ts';

export type Adoption = {
  /** Key identifier of the CA that signed the list: the caller has looked at that. */
  readonly issuer: string;
  readonly list: Pick<Crl, 'number' | 'revoked'>;
  readonly operator: string;
  readonly now: Date;
};

/**
 * Records what a list has and the registry, which is older, has not; the next list has a higher number than it. Returns the
 * serials that were new.
 */
export async function adoptList(
  registry: Registry,
  { issuer, list, operator, now }: Adoption,
): Promise<readonly string[]> {
  return registry.transact(async (change) => {
    await change.raiseListNumber(issuer, list.number ?? 0n);
    const added: string[] = [];
    for (const { serial, revokedAt, reason = 'unspecified' } of list.revoked) {
      const revocation = { serial, revokedAt, revokedBy: operator, reason };
      const entered = await enterRevocation(change, revocation, {
        at: now,
        detail: { reason, list: String(list.number ?? '') },
        certificate: () => recordedCertificate(change, serial),
      });
      if (entered === 'new') added.push(serial);
    }
    return added;
  });
}

/** More lists than a CA makes between a backup and its use. */
const JUMP = 2n ** 32n;
/** More lists than a CA makes in a millisecond. */
const EACH_MILLISECOND = 2n ** 20n;

/**
 * Has the next list of a CA a number that no list since a backup, or since the list that was adopted, can have had: neither of
 * the CA that was lost, nor of one that was restored from the same backup before.
 */
export async function jumpListNumber(registry: Registry, issuer: string, now: Date): Promise<void> {
  const known = (await newestList(registry, issuer))?.number ?? 0n;
  const adopted = await registry.listNumber(issuer);
  const atLeast = largest(largest(known, adopted) + JUMP, BigInt(now.getTime()) * EACH_MILLISECOND);
  await registry.transact((change) => change.raiseListNumber(issuer, atLeast));
}

function largest(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
