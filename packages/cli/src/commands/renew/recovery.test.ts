import { beforeEach, describe, expect, test } from '@jest/globals';
import { NOW } from '../../../testing/fake-io.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';

const DAY = 86_400_000;
const CA_DAYS = 3650;
let ca: TestCa;

beforeEach(async () => {
  ca = await makeTestCa(['issue-server', 'node1', '--days', '90'], ['issue-client', 'alice', '--days', '30']);
});

async function at(days: number, ...argv: readonly string[]): Promise<Record<string, unknown>> {
  const later = { ...ca.io, now: () => new Date(NOW.getTime() + days * DAY) };
  const { stdout, exitCode } = await main([...argv, '--json'], later);
  return { ...(JSON.parse(String(stdout)) as Record<string, unknown>), exitCode };
}

async function statesAt(days: number): Promise<Readonly<Record<string, string>>> {
  const { certificates } = (await at(days, 'list')) as { certificates?: { name: string; state: string }[] };
  return Object.fromEntries((certificates ?? []).map(({ name, state }) => [name, state]));
}

describe('what has ended is recovered with one command', () => {
  test.each([
    ['client', 'alice'],
    ['server', 'node1'],
  ])('a %s', async (_, name) => {
    expect(await statesAt(400)).toMatchObject({ [name]: 'expired' });
    expect(await at(400, 'renew', name)).toMatchObject({ exitCode: 0, renewed: [{ name }] });
    expect(await statesAt(400)).toMatchObject({ [name]: 'valid' });
  });

  test('all servers and clients at once', async () => {
    expect(await at(400, 'renew', '--due')).toMatchObject({ exitCode: 0, renewed: [{}, {}] });
    expect(await statesAt(400)).toMatchObject({ node1: 'valid', alice: 'valid' });
  });

  test('the CA, after which servers and clients are renewed as before', async () => {
    const past = CA_DAYS + 100;
    expect(await at(past, 'renew', 'alice')).toMatchObject({
      exitCode: 1,
      renewed: [],
      skipped: [{ reason: 'ca-expired', message: expect.stringContaining('docker-mtls ca renew') }],
    });
    expect(await at(past, 'ca', 'renew')).toMatchObject({ exitCode: 0 });
    expect(await at(past, 'renew', '--due')).toMatchObject({ exitCode: 0, renewed: [{}, {}], skipped: [] });
    expect(await statesAt(past)).toMatchObject({ node1: 'valid', alice: 'valid' });
  });
});

describe('what was made by a clock that was ahead is made again when the clock is right', () => {
  test('a pair that ends with its CA, which no later run would make last longer', async () => {
    const ahead = CA_DAYS - 20;
    expect(await at(ahead, 'renew', '--due')).toMatchObject({ exitCode: 0, renewed: [{}, {}] });
    expect(await statesAt(0)).toMatchObject({ node1: 'not-yet-valid', alice: 'not-yet-valid' });
    expect(await at(0, 'renew', '--due')).toMatchObject({ exitCode: 0, renewed: [{}, {}], skipped: [] });
    expect(await statesAt(0)).toMatchObject({ node1: 'valid', alice: 'valid' });
    expect(await at(0, 'renew', '--due')).toMatchObject({ exitCode: 0, renewed: [] });
  });

  test('the revocation list, once', async () => {
    expect(await at(400, 'renew', '--timer')).toMatchObject({ crl: { number: '2' } });
    expect(await at(1, 'renew', '--timer')).toMatchObject({
      exitCode: 0,
      crl: { number: '3', thisUpdate: new Date(NOW.getTime() + DAY).toISOString() },
    });
    expect(await at(2, 'renew', '--timer')).not.toHaveProperty('crl');
  });

  test('but no revocation list of a CA that has not begun', async () => {
    expect(await at(-1, 'renew', '--timer')).not.toHaveProperty('crl');
  });
});
