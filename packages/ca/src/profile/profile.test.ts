import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { shippedJson } from '../../testing/fixtures.ts';
import { codeOf, errorOf } from '../../testing/throws.ts';
import { parseProfile } from './profile.ts';
import type { ProfileKind } from './profile.ts';

const DAY = 86_400;

function messageOf(kind: ProfileKind, json: unknown): string {
  const error = errorOf(() => parseProfile(kind, json));
  expect(error?.code).toBe('CA_PROFILE_INVALID');
  expect(error?.hint).toContain(`profiles/${kind}.json`);
  return error?.message ?? '';
}

describe('the shipped profiles', () => {
  test('of the CA: ten years, signing and nothing else', () => {
    expect(parseProfile('ca', shippedJson('ca'))).toEqual({
      kind: 'ca',
      keyType: 'ec-p256',
      lifetime: 3650 * DAY,
      backdate: 300,
      keyUsage: ['keyCertSign', 'cRLSign'],
      extKeyUsage: [],
    });
  });

  test.each([
    ['server', ['digitalSignature', 'keyEncipherment'], 'serverAuth'],
    ['client', ['digitalSignature'], 'clientAuth'],
  ] as const)('of a %s: a year, one role', (kind, keyUsage, purpose) => {
    expect(parseProfile(kind, shippedJson(kind))).toEqual({
      kind,
      keyType: 'ec-p256',
      lifetime: 365 * DAY,
      backdate: 300,
      keyUsage,
      extKeyUsage: [purpose],
    });
  });
});

type Refused = {
  readonly why: string;
  readonly kind: ProfileKind;
  readonly change: Readonly<Record<string, unknown>>;
  readonly path: string;
};

const REFUSED: readonly Refused[] = [
  {
    why: 'both roles',
    kind: 'server',
    change: { extKeyUsage: ['serverAuth', 'clientAuth'] },
    path: 'extKeyUsage[1]: "clientAuth"',
  },
  {
    why: 'the other role',
    kind: 'client',
    change: { extKeyUsage: ['serverAuth'] },
    path: 'extKeyUsage: clientAuth is missing',
  },
  {
    why: 'no role',
    kind: 'server',
    change: { extKeyUsage: [] },
    path: 'extKeyUsage: serverAuth is missing',
  },
  { why: 'a role for the CA', kind: 'ca', change: { extKeyUsage: ['serverAuth'] }, path: 'extKeyUsage[0]' },
  {
    why: 'a role in other letters',
    kind: 'client',
    change: { extKeyUsage: ['clientauth'] },
    path: 'extKeyUsage[0]: "clientauth"',
  },
  {
    why: 'a role twice',
    kind: 'client',
    change: { extKeyUsage: ['clientAuth', 'clientAuth'] },
    path: 'extKeyUsage[1]: "clientAuth" is there twice',
  },
  {
    why: 'a role that is no list',
    kind: 'client',
    change: { extKeyUsage: 'clientAuth' },
    path: 'extKeyUsage: not a list',
  },
  {
    why: 'keyCertSign on a leaf',
    kind: 'client',
    change: { keyUsage: ['digitalSignature', 'keyCertSign'] },
    path: 'keyUsage[1]: "keyCertSign"',
  },
  {
    why: 'keyEncipherment on a client',
    kind: 'client',
    change: { keyUsage: ['digitalSignature', 'keyEncipherment'] },
    path: 'keyUsage[1]',
  },
  {
    why: 'no digitalSignature',
    kind: 'server',
    change: { keyUsage: ['keyEncipherment'] },
    path: 'keyUsage: digitalSignature is missing',
  },
  {
    why: 'no cRLSign',
    kind: 'ca',
    change: { keyUsage: ['keyCertSign'] },
    path: 'keyUsage: cRLSign is missing',
  },
  { why: 'an unknown key type', kind: 'ca', change: { keyType: 'rsa-1024' }, path: 'keyType: "rsa-1024"' },
  { why: 'a key type that is a number', kind: 'ca', change: { keyType: 4096 }, path: 'keyType: "4096"' },
  { why: 'a lifetime without a unit', kind: 'ca', change: { lifetime: '365' }, path: 'lifetime: "365"' },
  { why: 'a lifetime that is a number', kind: 'ca', change: { lifetime: 365 }, path: 'lifetime: "365"' },
  {
    why: 'a lifetime of a second',
    kind: 'ca',
    change: { lifetime: '1s' },
    path: 'lifetime: "1s" is not from',
  },
  {
    why: 'a lifetime of 200 years',
    kind: 'ca',
    change: { lifetime: '73000d' },
    path: 'lifetime: "73000d" is not from',
  },
  {
    why: 'a back-date of two days',
    kind: 'ca',
    change: { backdate: '2d' },
    path: 'backdate: "2d" is not from',
  },
  {
    why: 'an unknown key',
    kind: 'ca',
    change: { 'key\u001btype': 1 },
    path: String.raw`"key\u001btype": unknown key`,
  },
  {
    why: 'a key of every object',
    kind: 'ca',
    change: { constructor: 1 },
    path: '"constructor": unknown key',
  },
];

describe('parseProfile', () => {
  test.each([
    [
      ['keyEncipherment', 'digitalSignature'],
      ['digitalSignature', 'keyEncipherment'],
    ],
    [['digitalSignature'], ['digitalSignature']],
  ])('lets a server have keyEncipherment or not, in any order: %j', (listed, keyUsage) => {
    expect(parseProfile('server', { ...shippedJson('server'), keyUsage: listed }).keyUsage).toEqual(keyUsage);
  });

  test.each([null, [], 'x', 7, true, undefined])('refuses %j', (json) => {
    expect(messageOf('client', json)).toContain('not a JSON object');
  });

  test.each(['keyType', 'lifetime', 'backdate', 'keyUsage', 'extKeyUsage'])(
    'refuses a %s of lists without end, in words',
    (key) => {
      const json = JSON.parse(`{"${key}":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
      expect(() => parseProfile('client', json)).toThrow(
        expect.objectContaining({ code: 'CA_PROFILE_INVALID', message: expect.stringContaining(key) }),
      );
    },
  );

  test.each(REFUSED)('refuses $why', ({ kind, change, path }) => {
    expect(messageOf(kind, { ...shippedJson(kind), ...change })).toContain(path);
  });

  test.each(['keyType', 'lifetime', 'backdate', 'keyUsage', 'extKeyUsage'])(
    'refuses a profile without %s',
    (key) => {
      const { [key]: _, ...rest } = shippedJson('server');
      expect(messageOf('server', rest)).toBe(`server profile: ${key}: missing`);
    },
  );

  test('tells everything that is wrong at once', () => {
    const message = messageOf('client', {
      keyType: 'x',
      lifetime: 'y',
      backdate: '5m',
      keyUsage: [],
      more: 1,
    });
    const paths = [
      '"more": unknown key',
      'extKeyUsage: missing',
      'keyType: "x"',
      'lifetime: "y"',
      'keyUsage: digitalSignature',
    ];
    for (const path of paths) expect(message).toContain(path);
  });

  test('does not take a lifetime from the prototype', () => {
    const json = Object.create(shippedJson('ca')) as unknown;
    expect(messageOf('ca', json)).toContain('lifetime: missing');
  });

  test('throws a CaError alone, whatever the JSON', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.dictionary(fc.constantFrom('keyType', 'lifetime', 'keyUsage'), fc.jsonValue()),
        (json, change) => {
          expect(codeOf(() => parseProfile('server', json))).toBe('CA_PROFILE_INVALID');
          codeOf(() => parseProfile('server', { ...shippedJson('server'), ...change }));
        },
      ),
    );
  });
});
