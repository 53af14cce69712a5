import { beforeEach, describe, expect, test } from '@jest/globals';
import type { EntryKind, NewCertificate, Registry } from '../src/index.ts';
import { insert, issue, newCertificate } from './new-certificate.ts';
import { NOW, OPERATOR } from './registry-file.ts';

const DAY = 86_400_000;
const LATER = new Date(NOW.getTime() + DAY);

/** What a registry keeps, and how it is found. */
export function describeRecords(current: () => Registry): void {
  let registry: Registry;
  beforeEach(() => {
    registry = current();
  });

  const add = (
    kind: EntryKind,
    certificateName: string,
    days = 100,
    changes: Partial<NewCertificate> = {},
  ): Promise<string> => registry.transact((change) => insert(change, kind, certificateName, days, changes));

  describe('a certificate', () => {
    test('is found by its serial, the beginning of that, its key, its folder and its name', async () => {
      const serial = await add('client', 'alice');
      const record = await registry.certificate(serial);
      expect(record).toMatchObject({
        serial,
        kind: 'client',
        name: 'alice',
        status: 'current',
        issuedBy: OPERATOR,
      });
      expect(record?.der).toEqual(expect.any(Buffer));
      expect(record?.issuedAt).toEqual(NOW);
      const found = [
        await registry.withSerialPrefix(serial.slice(0, 8)),
        await registry.ofKey(record?.keyId ?? ''),
        [await registry.inFolder('client', 'alice')],
        await registry.certificates({ kind: 'client', name: 'alice' }),
        await registry.firstInForce('client', 1),
      ];
      expect(found.map(([one, ...others]) => [one?.serial, others.length])).toEqual(
        found.map(() => [serial, 0]),
      );
      expect(await registry.published()).toEqual([{ serial, kind: 'client', folder: 'alice' }]);
    });

    test('is recorded once, and one alone is in force in a folder', async () => {
      const certificate = issue('client');
      await add('client', 'alice', 100, { certificate });
      await expect(add('client', 'bob', 100, { certificate })).rejects.toMatchObject({
        message: expect.any(String),
      });
      await expect(
        add('client', 'ALICE', 100, { folder: 'ALICE', folderKey: 'alice' }),
      ).rejects.toMatchObject({ message: expect.any(String) });
      await add('server', 'alice');
      expect(await registry.recordedCount()).toBe(2);
    });

    test('that was replaced is not in force, and can be again', async () => {
      const first = await add('client', 'alice');
      await registry.transact((change) => change.markReplaced(first, 'ff', LATER));
      expect(await registry.inFolder('client', 'alice')).toBeUndefined();
      expect(await registry.certificate(first)).toMatchObject({
        status: 'replaced',
        replacedBy: 'ff',
        replacedAt: LATER,
      });
      await registry.transact((change) => change.markCurrent(first));
      expect(await registry.certificate(first)).toMatchObject({ status: 'current', replacedBy: undefined });
      expect(await registry.reinstated()).toEqual([]);
    });

    test('is found by its groups, by serial number and in pages, while it is in force', async () => {
      const certificates = [['ops'], ['ops', 'dev'], []].map((groups) => issue('client', 100, groups));
      const serials: string[] = [];
      for (const [index, certificate] of certificates.entries())
        serials.push(await add('client', `c${index}`, 100, { certificate }));
      const inGroup = async (group: string, after = '', size = 10): Promise<readonly string[]> =>
        (await registry.inGroup(group, { after, size })).map(({ serial }) => serial);
      const both = serials.slice(0, 2).toSorted();
      expect(await inGroup('ops')).toEqual(both);
      expect(await inGroup('ops', '', 1)).toEqual(both.slice(0, 1));
      expect(await inGroup('ops', both[0])).toEqual(both.slice(1));
      expect(await inGroup('dev')).toEqual([serials[1]]);
      expect(await inGroup('OPS')).toEqual([]);
      const [first = ''] = serials;
      await registry.transact((change) => change.markReplaced(first, 'ff', LATER));
      expect(await inGroup('ops')).toEqual([serials[1]]);
      await registry.transact((change) => change.markCurrent(first));
      expect(await inGroup('ops')).toEqual(both);
    });

    test('of a CA is trusted, the newest first', async () => {
      await add('ca', 'old', 100, { now: NOW });
      await add('ca', 'new', 100, { now: LATER });
      expect((await registry.roots()).map((record) => record.name)).toEqual(['new', 'old']);
    });

    test('is listed by its kind and name; probes by their kind alone; what is not in force on demand', async () => {
      for (const [kind, each] of [
        ['client', 'zoe'],
        ['probe', 'p'],
        ['server', 'node1'],
        ['client', 'alice'],
      ] as const)
        await add(kind, each);
      const [zoe] = await registry.certificates({ name: 'zoe' });
      await registry.transact((change) => change.markReplaced(zoe?.serial ?? '', 'ff', NOW));
      const names = async (filter: Parameters<Registry['certificates']>[0]): Promise<readonly string[]> =>
        (await registry.certificates(filter)).map((record) => record.name);
      expect(await names({})).toEqual(['node1', 'alice']);
      expect(await names({ all: true })).toEqual(['node1', 'alice', 'zoe']);
      expect(await names({ kind: 'probe' })).toEqual(['p']);
      expect(await names({ kind: 'client', page: { after: '', size: 1 } })).toEqual(['alice']);
      expect(await names({ kind: 'client', page: { after: 'alice', size: 1 } })).toEqual([]);
      expect(await names({ endingBy: NOW })).toEqual([]);
      expect(await registry.inForceCount('client', 10)).toBe(1);
    });
  });

  test('what is due, expired or not valid yet is counted, and the most urgent shown', async () => {
    for (const [each, days] of [
      ['short', 30],
      ['middle', 90],
      ['year', 365],
      ['ages', 900],
    ] as const)
      await add('client', each, days);
    const now = new Date(NOW.getTime() + 61 * DAY);
    const filter = { kind: 'client', now, since: new Date(now.getTime() - 40 * DAY), limit: 1 } as const;
    expect(await registry.attentionCounts(filter)).toEqual({
      due: 1,
      expired: 1,
      expiredLongAgo: 0,
      notYetValid: 0,
    });
    const { due, expired, notYetValid } = await registry.attention(filter);
    expect([due, expired, notYetValid].map((records) => records.map((record) => record.name))).toEqual([
      ['middle'],
      ['short'],
      [],
    ]);
    expect((await registry.unusual(10)).map((record) => record.name)).toEqual(['ages']);
  });

  describe('a revocation', () => {
    test('is kept with its reason, which can become worse, and is on the list until the certificate has ended', async () => {
      const certificate = issue('client', 10);
      const serial = await add('client', 'alice', 10, { certificate });
      const revocation = { serial, revokedAt: NOW, revokedBy: OPERATOR, reason: 'superseded' } as const;
      await registry.transact(async (change) => {
        await change.insertRevocation({ ...revocation, issuer: 'ca', certificate });
        await change.insertRevocation({ ...revocation, serial: '01', issuer: 'ca' });
        await change.markRevoked(revocation);
      });
      expect(await registry.revocation(serial)).toEqual(revocation);
      expect(await registry.certificate(serial)).toMatchObject({
        status: 'revoked',
        revokedAt: NOW,
        revocationReason: 'superseded',
      });
      expect(await registry.isCompromised(certificate.info.publicKey)).toBe(false);
      await registry.transact((change) => change.updateReason(serial, 'keyCompromise'));
      expect(await registry.isCompromised(certificate.info.publicKey)).toBe(true);
      const serials = async (days: number): Promise<readonly string[]> =>
        (await registry.revoked('ca', new Date(NOW.getTime() + days * DAY))).map((each) => each.serial);
      expect([await serials(9), await serials(11)]).toEqual([[serial, '01'], ['01']]);
      expect(await registry.revoked('another', NOW)).toEqual([]);
    });

    test('of a serial number alone is on every list, until the certificate is at hand and has ended', async () => {
      const certificate = issue('client', 10);
      const { serial, publicKey } = certificate.info;
      const reason = 'keyCompromise' as const;
      await registry.transact((change) =>
        change.insertRevocation({ serial, revokedAt: NOW, revokedBy: OPERATOR, reason }),
      );
      const later = new Date(NOW.getTime() + 11 * DAY);
      for (const issuer of ['ca', 'another'])
        expect(await registry.revoked(issuer, later)).toMatchObject([{ serial }]);
      expect(await registry.isCompromised(publicKey)).toBe(false);
      await registry.transact((change) => change.completeRevocation(certificate));
      expect(await registry.isCompromised(publicKey)).toBe(true);
      expect(await registry.revoked('ca', later)).toEqual([]);
    });

    test('list takes the place of the one before of its CA, and is known to be published or not', async () => {
      const list = { issuer: 'ca', number: 1n, thisUpdate: NOW, nextUpdate: LATER };
      await registry.transact(async (change) => {
        await change.insertList({ ...list, pem: 'one' });
        await change.insertList({ ...list, issuer: 'other', pem: 'other' });
        await change.insertList({ ...list, number: 2n ** 70n, pem: 'two' });
        await change.raiseListNumber('ca', 2n ** 80n);
      });
      expect(await registry.list('ca')).toEqual({ ...list, number: 2n ** 70n });
      expect(await registry.list('none')).toBeUndefined();
      expect(await registry.listTexts()).toEqual(['two', 'other']);
      expect([await registry.listNumber('ca'), await registry.listNumber('other')]).toEqual([2n ** 80n, 0n]);
      expect(await registry.isListUnpublished()).toBe(true);
      await registry.transact((change) => change.listsArePublished());
      expect(await registry.isListUnpublished()).toBe(false);
    });
  });

  test('the keys of the CA, and work that has begun, are on record', async () => {
    const serial = await add('ca', 'CA');
    const keyId = (await registry.certificate(serial))?.keyId ?? '';
    const authority = { keyId, state: 'signing', since: NOW, keyFile: 'ca-key.pem' } as const;
    const work = { serial: 'ab', kind: 'server', folder: 'node1' } as const;
    await registry.transact(async (change) => {
      await change.insertAuthority(authority);
      await change.beginWork(work);
      await change.beginWork({ ...work, folder: 'node2' });
      await change.oweRoots();
    });
    expect(await registry.authorities()).toEqual([authority]);
    expect(await registry.trusted()).toEqual([{ ...authority, der: expect.any(Buffer) }]);
    const retired = { keyId, state: 'retired', since: LATER } as const;
    await registry.transact((change) => change.setAuthorityState(retired));
    expect(await registry.authorities()).toEqual([{ ...authority, ...retired }]);
    expect(await registry.unfinished()).toEqual([{ ...work, folder: 'node2' }]);
    expect(await registry.areRootsDue()).toBe(true);
    await registry.transact(async (change) => {
      await change.endWork(['ab', 'cd']);
      await change.rootsAreOut();
    });
    expect([await registry.unfinished(), await registry.areRootsDue()]).toEqual([[], false]);
  });

  test('failed renewals and hooks are of certificates in force', async () => {
    const serial = await add('client', 'alice');
    const failure = { serial, code: 'FILE_NO_SPACE', message: 'no space' };
    await registry.transact(async (change) => {
      await change.recordFailures({ failed: [failure], operator: OPERATOR, now: NOW });
      await change.recordFailures({ failed: [failure], operator: OPERATOR, now: LATER });
      await change.expectHooks([serial], NOW);
    });
    expect(await registry.renewalFailures()).toEqual([{ ...failure, failures: 2, failedAt: LATER }]);
    expect(await registry.unfinishedHooks()).toMatchObject([
      { serial, kind: 'client', name: 'alice', state: 'waiting' },
    ]);
    await registry.transact((change) =>
      change.recordHook({ serial, isDone: true, outcome: 'exit code 0', operator: OPERATOR, now: NOW }),
    );
    await registry.transact((change) => change.markReplaced(serial, 'ff', NOW));
    expect([await registry.renewalFailures(), await registry.unfinishedHooks()]).toEqual([[], []]);
  });

  test('the newest hundred folders with copies of pairs are remembered', async () => {
    await registry.transact(async (change) => {
      for (let index = 0; index < 101; index++)
        await change.rememberCopies(`/home/${index}`, new Date(index));
      await change.rememberCopies('/home/1', new Date(101));
      await change.rememberCopies('/home/new', new Date(102));
    });
    const folders = await registry.copyFolders();
    expect(folders).toHaveLength(100);
    expect(folders.filter((folder) => /\/(?:0|1|2|new)$/.test(folder))).toEqual(['/home/1', '/home/new']);
  });

  test('events follow from each other, and tell of each certificate', async () => {
    const serial = await add('client', 'alice');
    await add('client', 'bob');
    const event = {
      id: 1,
      at: NOW.toISOString(),
      operator: OPERATOR,
      action: 'certificate.issued',
      serial,
    };
    expect((await registry.events())[0]).toMatchObject({ ...event, detail: { name: 'alice' } });
    expect((await registry.events(1)).map(({ id }) => id)).toEqual([2]);
    const verdict = await registry.verifyEvents();
    expect(verdict).toMatchObject({ kind: 'intact', checkpoint: { count: 2 } });
    const checkpoints = verdict.kind === 'intact' ? [verdict.checkpoint] : [];
    expect(await registry.verifyEvents(checkpoints)).toMatchObject({ kind: 'intact' });
    expect(await registry.untold()).toBeUndefined();
    await registry.transact((change) => change.insertCertificate(newCertificate('client', 'carol')));
    expect(await registry.untold()).toEqual(expect.any(String));
    expect(await registry.damage()).toBeUndefined();
  });
}
