import { append, GENESIS } from '@docker-mtls/audit';
import type { CertificateRecord, NewCertificate, RegistryChange, RegistryReader } from '../src/index.ts';
import type { State } from './memory-state.ts';

function recordOf({
  certificate: { info, der },
  kind,
  name,
  folder,
  folderKey,
  operator,
  now,
}: NewCertificate): CertificateRecord {
  const { serial, notBefore, notAfter, keyType, keyId, fingerprint } = info;
  return {
    serial,
    kind,
    name,
    folder,
    folderKey,
    notBefore,
    notAfter,
    keyType,
    keyId,
    fingerprint,
    der,
    issuedAt: now,
    issuedBy: operator,
    status: 'current',
    replacedAt: undefined,
    replacedBy: undefined,
    revokedAt: undefined,
    revocationReason: undefined,
  };
}

/** Changes a state in place. */
export function writerOf(state: State): Omit<RegistryChange, keyof RegistryReader> {
  const update = (serial: string, changes: Partial<CertificateRecord>): void => {
    const isOther = (other: CertificateRecord): boolean => other.serial !== serial;
    const next = state.certificates.map((record) =>
      record.serial === serial ? { ...record, ...changes } : record,
    );
    const changed = next.find((record) => !isOther(record));
    if (changed !== undefined) refuseTaken(changed, next.filter(isOther));
    state.certificates = next;
  };
  const appendEvent: RegistryChange['appendEvent'] = async ({
    at,
    operator,
    action,
    serial,
    detail = {},
  }) => {
    const last = state.events.at(-1);
    const previous = last === undefined ? GENESIS : { sequence: last.id, hash: last.hash };
    const record = { at: at.toISOString(), operator, action, serial, detail };
    const { link } = append(previous, record);
    state.events.push({ id: link.sequence, ...record, previous: previous.hash, hash: link.hash });
  };
  const forgetReplaced = (): void => {
    const isKept = ({ serial }: { readonly serial: string }): boolean =>
      (state.certificates.find((record) => record.serial === serial)?.status ?? 'current') === 'current';
    state.failures = state.failures.filter(isKept);
    state.hooks = state.hooks.filter(isKept);
  };
  return {
    insertCertificate: async (certificate) => {
      const record = recordOf(certificate);
      refuseTaken(record, state.certificates);
      state.certificates.push(record);
    },
    markReplaced: async (serial, by, now) =>
      update(serial, { status: 'replaced', replacedAt: now, replacedBy: by }),
    markRevoked: async ({ serial, revokedAt, reason }) =>
      update(serial, { status: 'revoked', revokedAt, revocationReason: reason }),
    markCurrent: async (serial) =>
      update(serial, { status: 'current', replacedAt: undefined, replacedBy: undefined }),
    insertAuthority: async (authority) => void state.authorities.push(authority),
    setAuthorityState: async ({ keyId, state: next, since }) => {
      state.authorities = state.authorities.map((each) =>
        each.keyId === keyId ? { ...each, state: next, since } : each,
      );
    },
    deleteList: async (issuer) => {
      state.lists = state.lists
        .filter((list) => list.issuer !== issuer)
        .map((list) => ({ ...list, published: false }));
    },
    insertRevocation: async ({ certificate, ...revocation }) =>
      void state.revocations.push({
        ...revocation,
        notAfter: certificate?.info.notAfter,
        publicKey: certificate?.info.publicKey.toString('hex'),
      }),
    completeRevocation: async ({ info: { serial, notAfter, publicKey } }) => {
      state.revocations = state.revocations.map((each) =>
        each.serial === serial && each.publicKey === undefined
          ? { ...each, notAfter, publicKey: publicKey.toString('hex') }
          : each,
      );
    },
    updateReason: async (serial, reason) => {
      state.revocations = state.revocations.map((each) =>
        each.serial === serial ? { ...each, reason } : each,
      );
    },
    insertList: async (list) => {
      state.lists = [
        ...state.lists.filter(({ issuer }) => issuer !== list.issuer),
        { ...list, published: false },
      ];
    },
    raiseListNumber: async (issuer, atLeast) => void state.listNumbers.set(issuer, atLeast),
    listsArePublished: async () => {
      state.lists = state.lists.map((list) => ({ ...list, published: true }));
    },
    oweRoots: async () => {
      state.rootsDue = true;
    },
    rootsAreOut: async () => {
      state.rootsDue = false;
    },
    beginWork: async (work) => {
      state.unfinished = [...state.unfinished.filter(({ serial }) => serial !== work.serial), work];
    },
    endWork: async (serials) => {
      state.unfinished = state.unfinished.filter(({ serial }) => !serials.includes(serial));
    },
    recordFailures: async ({ failed, operator, now }) => {
      forgetReplaced();
      for (const { serial, code, message } of failed) {
        const before = state.failures.find((each) => each.serial === serial)?.failures ?? 0;
        state.failures = [
          ...state.failures.filter((each) => each.serial !== serial),
          { serial, code, message, failures: before + 1, failedAt: now },
        ];
        await appendEvent({ at: now, operator, action: 'renewal.failed', serial, detail: { code } });
      }
    },
    expectHooks: async (serials, now) => {
      forgetReplaced();
      const added = serials.map(
        (serial) => ({ serial, state: 'waiting', at: now, outcome: 'it has not run' }) as const,
      );
      state.hooks = [...state.hooks.filter(({ serial }) => !serials.includes(serial)), ...added];
    },
    recordHook: async ({ serial, isDone, outcome, operator, now }) => {
      const others = state.hooks.filter((hook) => hook.serial !== serial);
      state.hooks = isDone ? others : [...others, { serial, state: 'failed', at: now, outcome }];
      await appendEvent({
        at: now,
        operator,
        action: isDone ? 'hook.done' : 'hook.failed',
        serial,
        detail: { outcome },
      });
    },
    rememberCopies: async (folder) => {
      state.copyFolders = [...state.copyFolders.filter((each) => each !== folder), folder].slice(-100);
    },
    appendEvent,
  };
}

function refuseTaken(
  { serial, kind, folderKey, status }: CertificateRecord,
  others: readonly CertificateRecord[],
): void {
  if (others.some((other) => other.serial === serial)) throw new Error(`${serial} is on record`);
  const isTaken = (other: CertificateRecord): boolean =>
    other.kind === kind && other.folderKey === folderKey && other.status === 'current';
  if (status === 'current' && folderKey !== undefined && others.some(isTaken))
    throw new Error(`the folder ${folderKey} is taken`);
}
