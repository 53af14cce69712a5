import { readCertificate } from '@docker-mtls/ca';
import type { Crl } from '@docker-mtls/ca';
import {
  appendEvent,
  asBytes,
  findBySerial,
  findRevocation,
  insertRevocation,
  markRevoked,
  raiseListNumber,
} from '@docker-mtls/registry';
import type { Connection as Registry } from '@docker-mtls/registry';
import { newestList } from '../revocation-lists.ts';

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
export function adoptList(registry: Registry, { issuer, list, operator, now }: Adoption): readonly string[] {
  return registry.transact(() => {
    raiseListNumber(registry, issuer, list.number ?? 0n);
    const unknown = list.revoked.filter(({ serial }) => findRevocation(registry, serial) === undefined);
    for (const { serial, revokedAt, reason = 'unspecified' } of unknown) {
      const row = findBySerial(registry, serial);
      const certificate = row === undefined ? undefined : readCertificate(asBytes(row['der']));
      const revocation = { serial, revokedAt, revokedBy: operator, reason };
      insertRevocation(registry, { ...revocation, issuer, certificate });
      markRevoked(registry, revocation);
      const detail = { reason, list: String(list.number ?? '') };
      appendEvent(registry, { at: now, operator, action: 'certificate.revoked', serial, detail });
    }
    return unknown.map(({ serial }) => serial);
  });
}

/** More lists than a CA makes between a backup and its use. */
const JUMP = 2n ** 32n;

/** Has the next list of a CA a number that no list since a backup can have had. */
export function jumpListNumber(registry: Registry, issuer: string): void {
  const number = newestList(registry, issuer)?.number ?? 0n;
  registry.transact(() => raiseListNumber(registry, issuer, number + JUMP));
}
