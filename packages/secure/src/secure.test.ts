import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { DEFAULT_CA_NAME } from '@docker-mtls/authority';
import type { PairOrder } from '@docker-mtls/authority';
import { parseSubjectAltName } from '@docker-mtls/ca';
import { locateEngine } from '@docker-mtls/engine';
import { temporaryFolder } from '../../../test/support/temp.ts';
import * as authorization from './authorization/index.ts';
import * as bindings from './bindings/index.ts';
import * as check from './check/index.ts';
import * as engine from './engine/index.ts';
import * as surface from './index.ts';
import * as lists from './lists/index.ts';
import * as pairs from './pair/index.ts';
import * as proof from './proof/index.ts';
import * as renewal from './renewal/index.ts';
import { applySecure, planSecure } from './index.ts';
import type { SecureOrder, Step } from './index.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const MACHINE = { env: {}, platform: 'linux', uid: 0 } as const;

let folder: string;
const inFolder = (name: string): string => path.join(folder, name);

beforeEach(() => {
  folder = temporaryFolder();
});

function pair(kind: 'server' | 'client', name: string): PairOrder {
  const sans = kind === 'server' ? [parseSubjectAltName(name)] : [];
  return { kind, name, groups: [], sans, force: false };
}

/** An engine of a file of its own. Nothing listens on port 1. */
function orderFor(...clients: readonly string[]): SecureOrder {
  const never = { flag: '--never', isGiven: false };
  return {
    access: {
      directory: inFolder('ca'),
      caller: { operator: 'ada@desk', now: () => NOW },
      unlock: () => Promise.reject(new Error('not encrypted')),
    },
    newCa: { name: DEFAULT_CA_NAME, passphrase: () => Promise.resolve(undefined) },
    server: pair('server', 'node1'),
    clients: clients.map((name) => ({
      pair: pair('client', name),
      bundle: { file: inFolder(`${name}.tar.gz`), layout: undefined, isNamed: false },
    })),
    engine: {
      engine: locateEngine({ config: inFolder('daemon.json') }, MACHINE),
      listen: ['127.0.0.1:1'],
      certsDirectory: undefined,
      liveRestore: false,
      cutOff: never,
      quorum: never,
      swarmLock: never,
    },
    out: undefined,
    own: [],
  };
}

const outcomes = (steps: readonly Step[]): readonly string[] =>
  steps.map(({ step, outcome }) => `${step} ${outcome}`);

describe('planSecure', () => {
  test('says what is missing and writes nothing', async () => {
    const { steps, daemon } = await planSecure(orderFor('alice', 'bob'), { dry: true });
    expect(steps).toEqual([
      { step: 'ca', outcome: 'planned', directory: inFolder('ca') },
      { step: 'server', name: 'node1', outcome: 'planned', why: { kind: 'missing' } },
      { step: 'client', name: 'alice', outcome: 'planned', why: { kind: 'missing' } },
      { step: 'client', name: 'bob', outcome: 'planned', why: { kind: 'missing' } },
    ]);
    expect(daemon.plan.changes.map(({ key }) => key)).toContain('tlsverify');
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test('is refused where a later step would be', async () => {
    fs.writeFileSync(inFolder('mine.tar.gz'), 'a letter');
    const order = orderFor('alice');
    const [alice] = order.clients;
    const bundle = { file: inFolder('mine.tar.gz'), layout: undefined, isNamed: true };
    const named = { ...order, clients: alice === undefined ? [] : [{ ...alice, bundle }] };
    await expect(planSecure(named)).rejects.toMatchObject({ code: 'BUNDLE_EXISTS' });
    await expect(planSecure(orderFor('Alice', 'alice'))).rejects.toThrow('would share its folder');
    expect(fs.readdirSync(folder)).toEqual(['mine.tar.gz']);
  });
});

describe('applySecure', () => {
  test('makes what the plan says, and keeps it the next time', async () => {
    const first = await applySecure(await planSecure(orderFor('alice')));
    expect(outcomes(first.steps)).toEqual([
      'ca made',
      'server made',
      'client made',
      'daemon-config made',
      'bundle made',
      'proof not proven',
    ]);
    expect(fs.readdirSync(folder)).toEqual(expect.arrayContaining(['alice.tar.gz', 'ca', 'daemon.json']));
    const again = await planSecure(orderFor('alice'));
    expect(outcomes(again.steps)).toEqual(['ca kept', 'server kept', 'client kept']);
    const second = await applySecure(again);
    expect(
      new Set(
        outcomes(second.steps)
          .slice(0, -1)
          .map((each) => each.split(' ')[1]),
      ),
    ).toEqual(new Set(['kept']));
    expect(second.server.serial).toBe(first.server.serial);
  });

  test('keeps what another run has done since the plan was made', async () => {
    const [one, other] = [await planSecure(orderFor('alice')), await planSecure(orderFor('alice'))];
    const { clients } = await applySecure(one);
    const late = await applySecure(other);
    expect(outcomes(late.steps)).toContain('client kept');
    expect(late.clients.map(({ serial }) => serial)).toEqual(clients.map(({ serial }) => serial));
  });
});

test('the package offers these operations and no more', () => {
  expect(Object.keys(surface).toSorted()).toEqual([
    'SecureError',
    'applySecure',
    'daemonStep',
    'ensureCa',
    'issueMissing',
    'pairOf',
    'planSecure',
    'whyDue',
  ]);
});

test.each([
  [authorization, ['findHolders', 'installAuthorization']],
  [bindings, ['clientsOf', 'placeIn', 'readPolicyFile', 'readText', 'subjectOfCertificate', 'watchBindings']],
  [check, ['checkEngine', 'subjectFromClient', 'subjectsFromCa']],
  [engine, ['clientsOrder', 'configurationOrder', 'engineCaller', 'servedServer']],
  [lists, ['awaitDenials', 'deliverLists', 'refuseOtherThanList']],
  [pairs, ['checkCopy', 'copyPair', 'layoutFiles']],
  [proof, ['applyProof', 'bracketed', 'detailLines', 'engineAddresses']],
  [renewal, ['planEnginePair', 'planRenewalTimer', 'renewEnginePair']],
])('so do its parts, which load apart from each other (%#)', (part, names) => {
  expect(Object.keys(part).toSorted()).toEqual(names);
});
