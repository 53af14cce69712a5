import { beforeEach, describe, expect, test } from '@jest/globals';
import { readStore } from './open-store.ts';
import type { StoreReader } from './reader.ts';
import { laidDown, makeTestCa, NOW, OPERATOR, pairFor, publish, withStore } from '../testing/test-ca.ts';

const ca = makeTestCa();
const LATER = new Date(NOW.getTime() + 60_000);
let directory: string;
let serial: string;

beforeEach(() => {
  directory = laidDown(ca);
  serial = issue(false);
});

function issue(force: boolean): string {
  const request = { ...pairFor(ca, 'client', 'alice'), force };
  publish(directory, request);
  return request.certificate.info.serial;
}

function fail(now: Date, code = 'FILE_NO_SPACE'): void {
  const failed = [{ serial, code, message: 'no space left on the device' }];
  withStore(directory, (store) => store.recordFailures({ failed, operator: OPERATOR, now }));
}

function recorded<Key extends 'renewalFailures' | 'unfinishedHooks'>(
  which: Key,
): ReturnType<StoreReader[Key]> {
  const reader = readStore(directory);
  try {
    return reader[which]() as ReturnType<StoreReader[Key]>;
  } finally {
    reader.close();
  }
}

describe('a renewal that failed', () => {
  test('is counted, with the reason of the last time', () => {
    fail(NOW, 'FILE_UNSAFE');
    fail(LATER);
    expect(recorded('renewalFailures')).toEqual([
      { serial, failures: 2, failedAt: LATER, code: 'FILE_NO_SPACE', message: 'no space left on the device' },
    ]);
  });

  test('is forgotten with the certificate', () => {
    fail(NOW);
    issue(true);
    expect(recorded('renewalFailures')).toEqual([]);
  });
});

describe('a hook', () => {
  const report = { outcome: 'exit code 3', operator: OPERATOR, now: LATER };
  beforeEach(() => withStore(directory, (store) => store.expectHooks([serial], NOW)));

  test('waits from before its certificate is published until it has succeeded', () => {
    const hook = { serial, kind: 'client', name: 'alice' };
    expect(recorded('unfinishedHooks')).toEqual([
      { ...hook, state: 'waiting', at: NOW, outcome: 'it has not run' },
    ]);
    withStore(directory, (store) => store.recordHook({ serial, isDone: false, ...report }));
    expect(recorded('unfinishedHooks')).toEqual([
      { ...hook, state: 'failed', at: LATER, outcome: 'exit code 3' },
    ]);
    withStore(directory, (store) => store.recordHook({ serial, isDone: true, ...report }));
    expect(recorded('unfinishedHooks')).toEqual([]);
  });

  test('of a certificate that was replaced, or never published, is not run any more', () => {
    withStore(directory, (store) => store.expectHooks(['00ff'], NOW));
    issue(true);
    expect(recorded('unfinishedHooks')).toEqual([]);
  });
});
