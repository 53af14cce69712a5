import fs from 'node:fs';
import nodePath from 'node:path';
import { createCrl, readCrl } from '@docker-mtls/ca';
import type { Certificate, Crl } from '@docker-mtls/ca';
import { replaceFile } from '@docker-mtls/files';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Connection } from '@docker-mtls/registry';
import { readStore } from './open-store.ts';
import type { PairRequest } from './plan-pairs.ts';
import type { RevokeRequest } from './revoke.ts';
import {
  laidDown,
  makeTestCa,
  NOW,
  OPERATOR,
  pairFor,
  publish,
  treeOf,
  unfinishedIn,
  withStore,
} from '../testing/test-ca.ts';

const DAY = 24 * 60 * 60 * 1000;
const ca = makeTestCa();
const issuer = ca.authority.certificate.info.keyId ?? '';
let directory: string;
let pair: ReturnType<typeof pairFor>;

beforeEach(async () => {
  directory = await laidDown(ca);
  pair = pairFor(ca, 'client', 'alice');
  await publish(directory, pair);
});

const serialOf = ({ certificate }: PairRequest): string => certificate.info.serial;
const place = (name = 'alice'): string => nodePath.join(directory, 'clients', name);
const inForce = (): Crl => readCrl(fs.readFileSync(nodePath.join(directory, 'crl.pem')));

function request(changes: Partial<RevokeRequest> = {}): RevokeRequest {
  return {
    targets: [{ serial: serialOf(pair) }],
    reason: 'superseded',
    keepFiles: false,
    operator: OPERATOR,
    now: NOW,
    sign: (list) => createCrl(ca.authority, list).pem,
    ...changes,
  };
}

async function revoke(changes: Partial<RevokeRequest> = {}): Promise<void> {
  await withStore(directory, (store) => store.revoke(request(changes)));
}

function unable(): never {
  throw new Error('no');
}

async function issueList(now: Date): Promise<void> {
  await withStore(directory, (store) => store.issueLists({ ...request(), now }));
}

describe('a revoked certificate', () => {
  test('is on the list, is not in force, and its files and key are gone', async () => {
    await revoke();
    expect(inForce()).toMatchObject({
      number: 2n,
      authorityKeyId: issuer,
      revoked: [{ serial: serialOf(pair), revokedAt: NOW, reason: 'superseded' }],
    });
    expect(fs.existsSync(place())).toBe(false);
    const reader = await readStore(directory);
    expect(await reader.current('client', 'alice')).toBeUndefined();
    expect(await reader.find('alice')).toMatchObject([
      { status: 'revoked', revokedAt: NOW, revocationReason: 'superseded' },
    ]);
    await reader.close();
    expect(unfinishedIn(directory)).toEqual([]);
  });

  test('makes room for another of its name', async () => {
    await revoke();
    await expect(publish(directory, pairFor(ca, 'client', 'alice'))).resolves.not.toThrow();
    await revoke();
    expect(fs.existsSync(nodePath.join(place(), 'key.pem'))).toBe(true);
  });

  test('keeps its files where that is asked for', async () => {
    const before = treeOf(place());
    await revoke({ keepFiles: true });
    expect(treeOf(place())).toEqual(before);
  });

  test('leaves the files of others in its folder', async () => {
    fs.writeFileSync(nodePath.join(place(), 'notes'), 'mine');
    await revoke();
    expect(fs.readdirSync(place())).toEqual(['notes']);
  });

  test('that another has replaced loses its key, and the other keeps its own', async () => {
    await publish(directory, { ...pairFor(ca, 'client', 'alice'), force: true });
    const key = fs.readFileSync(nodePath.join(place(), 'key.pem'), 'utf8');
    await revoke();
    expect(fs.readdirSync(place()).filter((name) => name.startsWith('.gen-'))).toHaveLength(1);
    expect(fs.readFileSync(nodePath.join(place(), 'key.pem'), 'utf8')).toBe(key);
  });

  test('loses its plain files, where an earlier release had written them', async () => {
    const files = ['key.pem', 'ca.pem', 'cert.pem'].map((name) => [
      name,
      fs.readFileSync(nodePath.join(place(), name)),
    ]);
    fs.rmSync(place(), { recursive: true });
    fs.mkdirSync(place(), 0o700);
    for (const [name, data] of files) replaceFile(nodePath.join(place(), String(name)), data ?? '', 0o600);
    await revoke();
    expect(fs.existsSync(place())).toBe(false);
  });

  test('stays revoked once, for a reason that can only become a compromised key', async () => {
    await revoke();
    await revoke({ reason: 'cessationOfOperation' });
    expect(inForce()).toMatchObject({ number: 2n, revoked: [{ reason: 'superseded' }] });
    await revoke({ reason: 'keyCompromise', now: new Date(NOW.getTime() + DAY) });
    expect(inForce()).toMatchObject({ number: 3n, revoked: [{ reason: 'keyCompromise', revokedAt: NOW }] });
    await revoke({ reason: 'superseded' });
    expect(inForce().number).toBe(3n);
  });

  test('cannot be forgotten: the database refuses it', async () => {
    await revoke();
    const registry = new Connection(nodePath.join(directory, 'registry.db'));
    expect(() => registry.run('DELETE FROM revocations')).toThrow('never taken back');
    expect(() => registry.run(`UPDATE revocations SET serial = '01'`)).toThrow('never changed');
    registry.close();
  });
});

describe('a certificate that is not on record', () => {
  let stranger: Certificate;
  beforeEach(() => {
    stranger = pairFor(ca, 'server', 'other').certificate;
  });

  test('is recorded as revoked where it is at hand', async () => {
    await revoke({ targets: [{ serial: stranger.info.serial, certificate: stranger }] });
    const reader = await readStore(directory);
    expect(await reader.find(stranger.info.serial)).toMatchObject([{ kind: 'server', status: 'revoked' }]);
    await reader.close();
    expect(inForce().revoked).toMatchObject([{ serial: stranger.info.serial }]);
  });

  test('has its key barred once it is at hand, though its serial number was revoked before', async () => {
    const { serial } = stranger.info;
    await revoke({ targets: [{ serial }], reason: 'keyCompromise' });
    await revoke({ targets: [{ serial, certificate: stranger }], reason: 'keyCompromise' });
    await expect(
      publish(directory, { ...pairFor(ca, 'client', 'bob'), certificate: stranger }),
    ).rejects.toThrow(expect.objectContaining({ code: 'CA_DIRECTORY_KEY_COMPROMISED' }));
    expect(inForce()).toMatchObject({ number: 2n, revoked: [{ serial }] });
    const reader = await readStore(directory);
    expect(await reader.find(serial)).toMatchObject([{ status: 'revoked', revokedAt: NOW }]);
    await reader.close();
  });

  test('has its key barred once that turns out to be known to others', async () => {
    const { serial } = stranger.info;
    await revoke({ targets: [{ serial }], reason: 'unspecified' });
    await revoke({ targets: [{ serial, certificate: stranger }], reason: 'keyCompromise' });
    await expect(
      publish(directory, { ...pairFor(ca, 'client', 'bob'), certificate: stranger }),
    ).rejects.toThrow(expect.objectContaining({ code: 'CA_DIRECTORY_KEY_COMPROMISED' }));
  });

  test('stays on the list for ever where only its serial number is known', async () => {
    await revoke({ targets: [{ serial: '01' }], reason: 'unspecified' });
    for (const years of [1, 20]) await issueList(new Date(NOW.getTime() + years * 365 * DAY));
    expect(inForce().revoked).toEqual([{ serial: '01', revokedAt: NOW }]);
  });
});

test('a key that is known to others is not certified again, by any name', async () => {
  await revoke({ reason: 'keyCompromise' });
  const again = { ...pairFor(ca, 'client', 'bob'), certificate: pair.certificate };
  await expect(publish(directory, again)).rejects.toThrow(
    expect.objectContaining({ code: 'CA_DIRECTORY_KEY_COMPROMISED' }),
  );
  expect(fs.existsSync(place('bob'))).toBe(false);
});

describe('a revocation list', () => {
  test('keeps an entry until one list after its certificate has ended', async () => {
    await revoke();
    const end = pair.certificate.info.notAfter;
    await issueList(end);
    await issueList(new Date(end.getTime() + DAY));
    expect(inForce()).toMatchObject({ number: 4n, revoked: [{ serial: serialOf(pair) }] });
    await issueList(new Date(end.getTime() + 2 * DAY));
    expect(inForce()).toMatchObject({ number: 5n, revoked: [] });
  });

  test('loses no entry to a clock that was ahead, and dates none after itself', async () => {
    const ahead = new Date(pair.certificate.info.notAfter.getTime() + DAY);
    await revoke({ now: ahead });
    await issueList(ahead);
    await issueList(NOW);
    expect(inForce()).toMatchObject({
      number: 4n,
      thisUpdate: NOW,
      revoked: [{ serial: serialOf(pair), revokedAt: NOW }],
    });
  });

  test('lasts as long as the one before, unless that is said', async () => {
    const week = 7 * DAY;
    await withStore(directory, (store) => store.issueLists({ ...request(), lifetime: week }));
    await revoke();
    expect(inForce().nextUpdate).toEqual(new Date(NOW.getTime() + week));
  });

  test('has a higher number than the file in place, when an older registry was brought back', async () => {
    const path = nodePath.join(directory, 'registry.db');
    const older = fs.readFileSync(path);
    for (let round = 0; round < 3; round += 1) await issueList(NOW);
    expect(inForce().number).toBe(4n);
    fs.writeFileSync(path, older, { mode: 0o600 });
    await issueList(NOW);
    expect(inForce().number).toBe(5n);
  });

  test('is not recorded when it cannot be signed, and neither is the revocation', async () => {
    const before = treeOf(place());
    await expect(revoke({ sign: unable })).rejects.toThrow('no');
    expect(treeOf(place())).toEqual(before);
    const reader = await readStore(directory);
    expect((await reader.current('client', 'alice'))?.status).toBe('current');
    expect((await reader.revocationList(issuer))?.number).toBe(1n);
    await reader.close();
  });

  test.each(['nothing that is a list', '-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n'])(
    'takes the place of %j',
    async (text) => {
      fs.writeFileSync(nodePath.join(directory, 'crl.pem'), text);
      await issueList(NOW);
      expect(inForce().number).toBe(2n);
    },
  );
});
