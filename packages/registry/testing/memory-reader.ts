import { verify } from '@docker-mtls/audit';
import { readCertificate, validityState } from '@docker-mtls/ca';
import type { RevokedCertificate } from '@docker-mtls/ca';
import type { AttentionFilter, CertificateRecord, RegistryReader, Revocation } from '../src/index.ts';
import type { Chained, Revoked, State } from './memory-state.ts';

const KINDS = ['ca', 'server', 'client', 'probe'];

function inOrder(records: readonly CertificateRecord[]): readonly CertificateRecord[] {
  return records
    .toReversed()
    .toSorted(
      (one, other) =>
        KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) ||
        Number(one.name > other.name) - Number(one.name < other.name) ||
        Number(one.status !== 'current') - Number(other.status !== 'current') ||
        other.issuedAt.getTime() - one.issuedAt.getTime(),
    );
}

function byName(records: readonly CertificateRecord[]): readonly CertificateRecord[] {
  return records.toSorted((one, other) => Number(one.name > other.name) - Number(one.name < other.name));
}

function isLeaf({ kind }: CertificateRecord): boolean {
  return kind === 'server' || kind === 'client';
}

function inForce(state: State): readonly CertificateRecord[] {
  return state.certificates.filter(({ status }) => status === 'current');
}

function byEnd(one: CertificateRecord, other: CertificateRecord): number {
  return one.notAfter.getTime() - other.notAfter.getTime();
}

function attentionIn(
  state: State,
  { kind, now }: AttentionFilter,
): Record<string, readonly CertificateRecord[]> {
  const own = inForce(state).filter((record) => record.kind === kind);
  const inState = (wanted: string): readonly CertificateRecord[] =>
    own.filter((record) => validityState({ ...record, isCa: kind === 'ca' }, now) === wanted);
  return {
    due: inState('due').toSorted(byEnd),
    expired: inState('expired').toSorted(byEnd).toReversed(),
    notYetValid: inState('not-yet-valid').toSorted(
      (one, other) => one.notBefore.getTime() - other.notBefore.getTime(),
    ),
  };
}

/** Reads the state that there is when it is asked. */
export function readerOf(get: () => State): RegistryReader {
  const find = (serial: string): CertificateRecord | undefined =>
    get().certificates.find((record) => record.serial === serial);
  return {
    schema: async () => get().schema,
    roots: async () =>
      inForce(get())
        .filter(({ kind }) => kind === 'ca')
        .toReversed()
        .toSorted((one, other) => other.issuedAt.getTime() - one.issuedAt.getTime()),
    trusted: async () =>
      inForce(get())
        .filter(({ kind }) => kind === 'ca')
        .toReversed()
        .flatMap(({ keyId, der }) =>
          get()
            .authorities.filter((authority) => authority.keyId === keyId)
            .map((authority) => ({ ...authority, der })),
        ),
    authorities: async () => get().authorities,
    certificate: async (serial) => find(serial),
    certificates: async ({ kind, name, fingerprints, all = false, endingBy, page }) => {
      const found = get().certificates.filter(
        (record) =>
          (kind === undefined ? record.kind !== 'probe' : record.kind === kind) &&
          (name === undefined || record.name === name) &&
          (fingerprints === undefined || fingerprints.includes(record.fingerprint)) &&
          (all || record.status === 'current') &&
          (endingBy === undefined || record.notAfter <= endingBy),
      );
      if (page === undefined) return inOrder(found);
      return byName(found.filter((record) => record.name > page.after)).slice(0, page.size);
    },
    withSerialPrefix: async (prefix) =>
      inOrder(get().certificates.filter(({ serial }) => serial.startsWith(prefix))),
    ofKey: async (keyId) => get().certificates.filter((record) => record.keyId === keyId),
    issuedBy: async (keyId, endingAfter) =>
      get().certificates.filter(
        (record) =>
          isLeaf(record) &&
          record.status !== 'revoked' &&
          record.notAfter >= endingAfter &&
          record.der.includes(keyId),
      ),
    inFolder: async (kind, folderKey) =>
      inForce(get()).find((record) => record.kind === kind && record.folderKey === folderKey),
    published: async () =>
      inForce(get()).flatMap(({ serial, kind, folder }) =>
        folder === undefined ? [] : [{ serial, kind: kind === 'server' ? 'server' : 'client', folder }],
      ),
    reinstated: async () => {
      const at = (serial: string): number =>
        get().certificates.findIndex((record) => record.serial === serial);
      return inForce(get()).filter(({ serial }) =>
        get().certificates.some((later) => later.replacedBy === serial && at(later.serial) > at(serial)),
      );
    },
    firstInForce: async (kind, limit) =>
      byName(inForce(get()).filter((record) => record.kind === kind)).slice(0, limit),
    inGroup: async (group, { after, size }) =>
      inForce(get())
        .filter(({ kind, serial }) => kind === 'client' && serial > after)
        .filter(({ der }) => readCertificate(der).info.subject.organizationalUnits.includes(group))
        .toSorted((one, other) => Number(one.serial > other.serial) - Number(one.serial < other.serial))
        .slice(0, size),
    attentionCounts: async (filter) => {
      const { due = [], expired = [], notYetValid = [] } = attentionIn(get(), filter);
      const long = expired.filter(({ notAfter }) => notAfter < filter.since).length;
      return {
        due: due.length,
        expired: expired.length - long,
        expiredLongAgo: long,
        notYetValid: notYetValid.length,
      };
    },
    attention: async (filter) => {
      const { due = [], expired = [], notYetValid = [] } = attentionIn(get(), filter);
      const first = (records: readonly CertificateRecord[]): readonly CertificateRecord[] =>
        records.slice(0, filter.limit);
      return {
        due: first(due),
        expired: first(expired.filter(({ notAfter }) => notAfter >= filter.since)),
        notYetValid: first(notYetValid),
      };
    },
    unusual: async (limit) =>
      inForce(get())
        .filter(
          (record) =>
            isLeaf(record) && record.notAfter.getTime() - record.notBefore.getTime() > 825.5 * 86_400_000,
        )
        .slice(0, limit),
    recordedCount: async () => get().certificates.length,
    inForceCount: async (kind, most) =>
      Math.min(most, inForce(get()).filter((record) => record.kind === kind).length),
    revocation: async (serial) =>
      get()
        .revocations.map(revocationOf)
        .find((each) => each.serial === serial),
    isCompromised: async (publicKey) =>
      get().revocations.some(
        (each) => each.reason === 'keyCompromise' && each.publicKey === publicKey.toString('hex'),
      ),
    revoked: async (issuer, since): Promise<readonly RevokedCertificate[]> =>
      get()
        .revocations.filter(
          (each) =>
            (each.issuer ?? issuer) === issuer && (each.notAfter === undefined || each.notAfter >= since),
        )
        .map(revocationOf),
    list: async (wanted) => {
      const found = get().lists.findLast(({ issuer }) => issuer === wanted);
      if (found === undefined) return undefined;
      const { issuer, number, thisUpdate, nextUpdate } = found;
      return { issuer, number, thisUpdate, nextUpdate };
    },
    listTexts: async () =>
      get()
        .lists.toReversed()
        .map(({ pem }) => pem),
    isListUnpublished: async () => get().lists.some(({ published }) => !published),
    listNumber: async (issuer) => get().listNumbers.get(issuer) ?? 0n,
    areRootsDue: async () => get().rootsDue,
    unfinished: async () => get().unfinished,
    renewalFailures: async () => get().failures.filter(({ serial }) => find(serial)?.status === 'current'),
    unfinishedHooks: async () =>
      get().hooks.flatMap((hook) => {
        const record = find(hook.serial);
        if (record?.status !== 'current') return [];
        return [
          { ...hook, kind: record.kind === 'server' ? 'server' : 'client', name: record.name } as const,
        ];
      }),
    copyFolders: async () => get().copyFolders.toSorted(),
    events: async (last) =>
      get()
        .events.slice(last === undefined ? 0 : -last)
        .map(({ id, at, operator, action, serial, detail }) => ({
          id,
          at,
          operator,
          action,
          serial,
          detail,
        })),
    verifyEvents: async (checkpoints = []) => verify(get().events.map(lineOf), { checkpoints }),
    untold: async () =>
      get().certificates.find(({ serial }) => !get().events.some((event) => event.serial === serial))?.serial,
  };
}

function revocationOf({ serial, revokedAt, revokedBy, reason }: Revoked): Revocation {
  return { serial, revokedAt, revokedBy, reason };
}

function lineOf({ id, previous, hash, ...record }: Chained): string {
  return JSON.stringify({ seq: id, prev: previous, ...record, hash });
}
