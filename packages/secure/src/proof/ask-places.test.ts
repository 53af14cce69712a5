import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { beforeAll, expect, test } from '@jest/globals';
import { onCleanup } from '../../../../test/support/cleanup.ts';
import { issuePair, makeAuthority } from '../../../../test/support/test-ca.ts';
import { checkEngine, verdictOf } from '../check/check-engine.ts';
import { strangersFor } from '../check/strangers.ts';
import type { CheckSubject } from '../check/subject.ts';
import { askPlaces } from './ask-places.ts';
import type { Place } from './proof-places.ts';

/** Of a server that hangs up at once, on every loopback address of IPv4. */
let port: number;
beforeAll(async () => {
  const server = net.createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  ({ port } = server.address() as AddressInfo);
  onCleanup(() => void server.close());
});

const { authority } = makeAuthority('Test CA', 'ec-p256');

/** An engine under a name with as many addresses. */
function subjectAt(count: number, claim: Place['claim'], at: number): CheckSubject {
  const { certificate, key } = issuePair(authority, 'client', { name: 'alice' });
  const places = Array.from({ length: count }, (_, index): Place => {
    const host = `127.0.${1 + Math.floor(index / 250)}.${(index % 250) + 1}`;
    return { target: { host, port: at }, label: `node1:${at} (${host})`, claim, isLocal: false };
  });
  return {
    engine: 'node1',
    places,
    unresolved: [],
    order: {
      roots: [authority.certificate.pem],
      names: ['node1'],
      client: { who: 'alice', pair: () => ({ certificate: `${certificate}`, key: `${key}` }) },
      strangers: strangersFor({ now: new Date(), ca: 'Test CA', client: 'alice' }),
    },
    files: [],
  };
}

/** Nobody listens there. */
const CLOSED = 1;

test.each([
  [200, 'unreachable', 8, 192],
  [9, 'unreachable', 8, 1],
  [8, 'unreachable', 8, 0],
  [3, 'unreachable', 3, 0],
] as const)(
  'of %i addresses that nobody answers at: %s, %i asked, %i not',
  async (count, verdict, ...wanted) => {
    const outcome = await checkEngine(subjectAt(count, 'name', CLOSED), 5000);
    expect([outcome.asked.length, outcome.unasked]).toEqual(wanted);
    expect(outcome.verdict).toBe(verdict);
  },
);

test('where eight hang up, the engine is not secured, and no more are asked', async () => {
  const { verdict, asked, unasked } = await checkEngine(subjectAt(50, 'name', port), 5000);
  expect([verdict, asked.length, unasked]).toEqual(['not secured', 8, 42]);
});

test('places that the engine need not be at are all asked', async () => {
  const { asked, unasked } = await checkEngine(subjectAt(20, 'maybe', CLOSED), 5000);
  expect([asked.length, unasked]).toEqual([20, 0]);
});

// One after the other, or a few at a time, they would take longer than this test may.
test('places that the engine need not be at, and where nothing answers, are waited for together', async () => {
  const { verdict, asked } = await checkEngine(subjectAt(200, 'maybe', await silentPort()), 500);
  expect([verdict, asked.length]).toEqual(['unreachable', 200]);
}, 15_000);

test('the same without a patience, as secure asks them', async () => {
  const { places, order } = subjectAt(200, 'maybe', await silentPort());
  const { asked, unasked } = await askPlaces({ places, order });
  expect([asked.length, unasked]).toEqual([200, 0]);
  expect(new Set(asked.map(({ proof }) => proof.verdict))).toEqual(new Set(['unreachable']));
}, 30_000);

test('of a name with very many addresses, no more are waited for than one process can', async () => {
  const { asked, unasked } = await checkEngine(subjectAt(1000, 'maybe', CLOSED), 5000);
  expect([asked.length, unasked]).toEqual([256, 744]);
});

test('an engine is not secured as long as some of its addresses were not asked', () => {
  const [place] = subjectAt(1, 'name', CLOSED).places;
  if (place === undefined) throw new Error('no place');
  const proof = { target: place.target, verdict: 'secured', probes: [], findings: [] } as const;
  const verdict = (unasked: number): string =>
    verdictOf({ files: [] }, { asked: [{ place, proof }], unasked });
  expect([verdict(0), verdict(1)]).toEqual(['secured', 'not secured']);
});

test('all places on this machine are asked, and before those elsewhere', async () => {
  const { places, order } = subjectAt(40, 'name', CLOSED);
  const own = places.slice(28).map((place) => ({ ...place, isLocal: true }));
  const { asked, unasked } = await askPlaces({ places: [...places.slice(0, 28), ...own], order });
  expect(asked.map(({ place }) => place)).toEqual(own);
  expect(unasked).toBe(28);
});

/** Of every loopback address of IPv4: a connection to it gets no answer, since those that came before are not taken. */
async function silentPort(): Promise<number> {
  const listens = `server = require('net').createServer().listen({ port: 0, host: '0.0.0.0', backlog: 1 }, () => console.log(server.address().port))`;
  const child = spawn(process.execPath, ['-e', listens], { stdio: ['ignore', 'pipe', 'ignore'] });
  onCleanup(() => void child.kill('SIGKILL'));
  const at = Number((await once(child.stdout, 'data'))[0]);
  child.kill('SIGSTOP');
  // A queue of one holds two. Each is awaited: of some that are started at once, any may be the one that gets no place.
  for (const host of ['127.0.0.1', '127.0.0.1']) {
    const waiting = net.connect({ host, port: at }).on('error', () => undefined);
    onCleanup(() => void waiting.destroy());
    await once(waiting, 'connect');
  }
  return at;
}
