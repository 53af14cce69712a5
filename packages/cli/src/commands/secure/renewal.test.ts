import { describe, expect, test } from '@jest/globals';
import { sansText } from '../../command-line/order.ts';
import { NOW } from '../../../testing/fake-io.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';
import type { ProcessOutcome } from '../../outcome.ts';

const NAMES = 'DNS:node1, IP:10.0.0.5, DNS:localhost, IP:127.0.0.1, IP:::1';
const TWO_YEARS = 2 * 365 * 86_400_000;

// Nothing listens on port 1.
const CONFIG = ['--config', 'daemon.json', '--listen', '127.0.0.1:1'];

const inTwoYears = (): Date => new Date(NOW.getTime() + TWO_YEARS);

/** Runs `secure` when both pairs have expired. */
function later({ io }: TestCa, ...words: readonly string[]): Promise<ProcessOutcome> {
  const now = inTwoYears;
  return main(['secure', 'node1', '--client', 'alice', ...CONFIG, ...words], { ...io, now });
}

async function namesAndGroups({ current }: TestCa): Promise<readonly unknown[]> {
  const { sans } = (await current('server', 'node1')).certificate().info;
  const { subject } = (await current('client', 'alice')).certificate().info;
  return [sansText(sans), subject.organizationalUnits];
}

describe('a pair that secure renews', () => {
  test('keeps the names and groups that an earlier run was told of', async () => {
    const client = ['issue-client', 'alice', '--group', 'ops'];
    const ca = await makeTestCa(['issue-server', 'node1', '--san', '10.0.0.5'], client);
    expect(await later(ca)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('had expired') });
    expect(await namesAndGroups(ca)).toEqual([NAMES, ['ops']]);
  });

  test('and gets those that this run adds', async () => {
    const client = ['issue-client', 'alice', '--group', 'ops'];
    const ca = await makeTestCa(['issue-server', 'node1', '--san', '10.0.0.5'], client);
    expect(await later(ca, '--san', '10.0.0.6', '--group', 'dev')).toMatchObject({ exitCode: 0 });
    expect(await namesAndGroups(ca)).toEqual([`${NAMES}, IP:10.0.0.6`, ['ops', 'dev']]);
  });
});
