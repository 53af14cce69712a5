import { beforeAll, describe, expect, test } from '@jest/globals';
import { readStore } from './open-store.ts';
import { laidDown, makeTestCa, NOW, OPERATOR, pairFor, publish, withStore } from '../testing/test-ca.ts';

const ca = makeTestCa();
let directory: string;
const serials: Record<string, string> = {};

const serial = (key: string): string => String(serials[key]);
const colons = (text: string): string => (text.match(/../gu) ?? []).join(':');

beforeAll(async () => {
  directory = await laidDown(ca);
  for (const [key, kind, name] of [
    ['bob', 'client', 'bob'],
    ['alice1', 'client', 'alice'],
    ['alice2', 'client', 'alice'],
    ['server', 'server', 'alice'],
  ] as const) {
    const request = { ...pairFor(ca, kind, name), force: key === 'alice2' };
    await publish(directory, request);
    serials[key] = request.certificate.info.serial;
  }
  const { certificate } = pairFor(ca, 'client', 'probe');
  serials['probe'] = certificate.info.serial;
  await withStore(directory, (store) =>
    store.record({ kind: 'probe', certificate, operator: OPERATOR, now: NOW }),
  );
});

function names(entries: readonly { serial: string }[]): string[] {
  return entries.map((entry) => Object.keys(serials).find((key) => serials[key] === entry.serial) ?? 'ca');
}

describe('entries', () => {
  test.each([
    [{}, ['ca', 'server', 'alice2', 'bob']],
    [{ all: true }, ['ca', 'server', 'alice2', 'alice1', 'bob']],
    [{ kind: 'client' }, ['alice2', 'bob']],
    [{ kind: 'client', name: 'alice', all: true }, ['alice2', 'alice1']],
    [{ name: 'alice' }, ['server', 'alice2']],
    [{ kind: 'probe' }, ['probe']],
    [{ name: 'nobody' }, []],
  ] as const)('%j', async (filter, expected) => {
    const reader = await readStore(directory);
    expect(names(await reader.entries(filter))).toEqual(expected);
    await reader.close();
  });

  test('say who issued what and when', async () => {
    const reader = await readStore(directory);
    expect(await reader.current('client', 'bob')).toMatchObject({
      issuedAt: NOW,
      issuedBy: OPERATOR,
      keyType: 'ec-p256',
      notBefore: new Date('2025-12-31T23:55:00Z'),
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/u),
    });
    await reader.close();
  });
});

test.each([undefined, 'aa', 'own'])(
  'the certificates of a key are found by one with the identifier %s of another program',
  async (keyId) => {
    const reader = await readStore(directory);
    const [bob] = await reader.entries({ name: 'bob' });
    const { info, ...rest } = bob?.certificate() ?? raise();
    const other = { ...rest, info: { ...info, keyId: keyId === 'own' ? info.keyId : keyId } };
    // Keys of this test are one and the same.
    expect((await reader.ofKey(other)).map(({ serial: each }) => each)).toContain(serial('bob'));
    await reader.close();
  },
);

function raise(): never {
  throw new Error('no');
}

describe('find', () => {
  test.each<[string, () => string, string[]]>([
    ['the whole serial', () => serial('alice1'), ['alice1']],
    ['its first 8 digits', () => serial('alice1').slice(0, 8), ['alice1']],
    ['upper case', () => serial('alice1').toUpperCase(), ['alice1']],
    ['colons', () => colons(serial('bob')).slice(0, 14), ['bob']],
    ['a name of two', () => 'alice', ['server', 'alice2']],
    ['another case of a name', () => 'Alice', []],
    ['too few digits', () => serial('bob').slice(0, 3), []],
    ['nothing', () => '', []],
    ['a wildcard of SQL', () => 'a%', []],
    ['a probe', () => serial('probe'), ['probe']],
  ])('%s', async (_, what, expected) => {
    const reader = await readStore(directory);
    expect(names(await reader.find(what()))).toEqual(expected);
    await reader.close();
  });
});

test('current knows the certificate in force alone, under exactly its name', async () => {
  const reader = await readStore(directory);
  expect((await reader.current('client', 'alice'))?.serial).toBe(serials['alice2']);
  expect(await reader.current('server', 'bob')).toBeUndefined();
  expect(await reader.current('client', 'ALICE')).toBeUndefined();
  await reader.close();
});
