import { expect, test } from '@jest/globals';
import { readCertificate } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { parseListen } from '@docker-mtls/daemon-config';
import { makeAuthority } from '../../../test/support/test-ca.ts';
import type { ClientView } from './client-view.ts';
import { cutsOff, effect, openedText } from './effect.ts';
import { cutOffText, refuseCutOff } from './refuse-cut-off.ts';

const authorityNamed = (name: string): Certificate => readCertificate(makeAuthority(name, 'ec-p256').pem);
const OURS = authorityNamed('ours');
const TWIN = authorityNamed('ours');

type Told = { readonly at?: readonly string[]; readonly names?: readonly string[] };

function view(
  { at = ['0.0.0.0:2376'], names = ['DNS:node1'] }: Told,
  ...authorities: Certificate[]
): ClientView {
  return { addresses: at.map(parseListen), names, authorities };
}

test('nobody loses access where names, CAs and addresses stay, whatever is added', () => {
  const after = view({ at: ['0.0.0.0:2376', '127.0.0.1:2377'], names: ['DNS:node1', 'DNS:x'] }, TWIN, OURS);
  expect(cutsOff(effect(view({}, OURS), after))).toBe(false);
});

test('a CA is told by its key: one of the same name is another', () => {
  expect(effect(view({}, OURS), view({}, TWIN)).lostAuthorities).toEqual([OURS]);
});

test('names and addresses that go are named', () => {
  const change = effect(view({ at: ['0.0.0.0:2376', '10.0.0.5:2377'] }, OURS), view({ names: [] }, OURS));
  expect(cutOffText(change)).toBe("the server's certificate loses DNS:node1; 10.0.0.5:2377 is closed");
});

test.each([
  { before: ['0.0.0.0:2376'], after: ['127.0.0.1:2376'], closed: 1, opened: 0 },
  { before: ['127.0.0.1:2376'], after: ['0.0.0.0:2376'], closed: 0, opened: 1 },
  { before: ['10.0.0.5:2376'], after: ['[::]:2376'], closed: 0, opened: 1 },
  { before: ['0.0.0.0:2376'], after: ['[::]:2376'], closed: 0, opened: 0 },
  { before: ['10.0.0.5:2376'], after: ['10.0.0.6:2376'], closed: 1, opened: 1 },
  { before: ['10.0.0.5:2376'], after: ['10.0.0.5:2377'], closed: 1, opened: 1 },
])('from $before to $after: $closed closed, $opened opened', ({ before, after, closed, opened }) => {
  const change = effect(view({ at: before }, OURS), view({ at: after }, OURS));
  expect([change.closed.length, change.opened.length]).toEqual([closed, opened]);
});

test('an engine that accepts nobody for a certificate has nobody to cut off', () => {
  const change = effect(view({ at: ['0.0.0.0:2375'] }), view({ names: [] }, OURS));
  expect(cutsOff(change)).toBe(false);
  expect(change.opened.map(openedText)).toEqual([
    '0.0.0.0:2376 becomes reachable from every network of this machine',
  ]);
});

test('the refusal names who loses access, the CA directory in use and the option', async () => {
  const before = view({}, OURS);
  const clients = ['a', 'b', 'c', 'd', 'e', 'f'];
  const order = { flag: '--go', isGiven: false, losersOf: async () => ({ directory: '/srv/ca', clients }) };
  const change = effect(before, view({}, TWIN));
  await expect(refuseCutOff(change, before, order)).rejects.toThrow(
    expect.objectContaining({
      code: 'HOST_CUTS_OFF',
      message: expect.stringMatching(/the CA "ours".*6 on record: a, b, c, d, e, and 1 more$/),
      hint: expect.stringMatching(/--ca-dir \/srv\/ca, or add --go/),
    }),
  );
  await expect(refuseCutOff(change, before, { ...order, isGiven: true })).resolves.toBeUndefined();
});
