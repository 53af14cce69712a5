import { beforeEach, describe, expect, test } from '@jest/globals';
import { readStore } from './open-store.ts';
import { laidDown, makeTestCa, NOW, OPERATOR, pairFor, publish, withStore } from '../testing/test-ca.ts';

const ca = makeTestCa();
const LATER = new Date(NOW.getTime() + 60_000);
let directory: string;
let serial: string;

beforeEach(async () => {
  directory = await laidDown(ca);
  serial = await issue(false);
});

async function issue(force: boolean): Promise<string> {
  const request = { ...pairFor(ca, 'client', 'alice'), force };
  await publish(directory, request);
  return request.certificate.info.serial;
}

async function fail(now: Date, code = 'FILE_NO_SPACE'): Promise<void> {
  const failed = [{ serial, code, message: 'no space left on the device' }];
  await withStore(directory, (store) => store.recordFailures({ failed, operator: OPERATOR, now }));
}

async function recorded(which: 'renewalFailures' | 'unfinishedHooks'): Promise<unknown> {
  const reader = await readStore(directory);
  try {
    return await reader[which]();
  } finally {
    await reader.close();
  }
}

describe('a renewal that failed', () => {
  test('is counted, with the reason of the last time', async () => {
    await fail(NOW, 'FILE_UNSAFE');
    await fail(LATER);
    expect(await recorded('renewalFailures')).toEqual([
      { serial, failures: 2, failedAt: LATER, code: 'FILE_NO_SPACE', message: 'no space left on the device' },
    ]);
  });

  test('is forgotten with the certificate', async () => {
    await fail(NOW);
    await issue(true);
    expect(await recorded('renewalFailures')).toEqual([]);
  });
});

describe('a hook', () => {
  const report = { outcome: 'exit code 3', operator: OPERATOR, now: LATER };
  beforeEach(() => withStore(directory, (store) => store.expectHooks([serial], NOW)));

  test('waits from before its certificate is published until it has succeeded', async () => {
    const hook = { serial, kind: 'client', name: 'alice' };
    expect(await recorded('unfinishedHooks')).toEqual([
      { ...hook, state: 'waiting', at: NOW, outcome: 'it has not run' },
    ]);
    await withStore(directory, (store) => store.recordHook({ serial, isDone: false, ...report }));
    expect(await recorded('unfinishedHooks')).toEqual([
      { ...hook, state: 'failed', at: LATER, outcome: 'exit code 3' },
    ]);
    await withStore(directory, (store) => store.recordHook({ serial, isDone: true, ...report }));
    expect(await recorded('unfinishedHooks')).toEqual([]);
  });

  test('of a certificate that was replaced, or never published, is not run any more', async () => {
    await withStore(directory, (store) => store.expectHooks(['00ff'], NOW));
    await issue(true);
    expect(await recorded('unfinishedHooks')).toEqual([]);
  });
});
