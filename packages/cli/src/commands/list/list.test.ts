import { beforeAll, describe, expect, test } from '@jest/globals';
import { NOW } from '../../../testing/fake-io.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';
import type { ProcessOutcome } from '../../outcome.ts';

const DAY = 86_400_000;

let ca: TestCa;

beforeAll(async () => {
  ca = await makeTestCa(
    ['issue-server', 'node1', '--days', '30'],
    ['issue-client', 'alice', '--group', 'ops'],
    ['issue-client', 'bob', '--days', '300', '--group', 'ops', '--group', 'dev'],
    ['issue-client', 'carol', '--days', '10'],
    ['issue-client', 'carol', '--force', '--days', '90'],
  );
});

/** The same CA, that many days later. */
function after(days: number, ...words: readonly string[]): Promise<ProcessOutcome> {
  return main(['list', ...words], { ...ca.io, now: () => new Date(NOW.getTime() + days * DAY) });
}

async function rows(days: number, ...words: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await after(days, '--format', 'csv', ...words);
  return String(stdout)
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').slice(1, 3).join(' '));
}

describe('the order', () => {
  test('is by urgency: first what has expired and was not replaced, then what is due', async () => {
    const ORDER = ['node1 expired', 'carol due', 'bob valid', 'alice valid'];
    expect(await rows(70, '--kind', 'server')).toEqual([ORDER[0]]);
    expect((await rows(70)).slice(0, 4)).toEqual(ORDER);
  });

  test('shows an expired CA, too', async () => {
    expect(await rows(36_500, '--kind', 'ca')).toEqual([expect.stringMatching(/ expired$/)]);
  });

  test('calls a CA due that has fewer than 400 days left', async () => {
    const { notAfter } = JSON.parse(String((await after(0, '--kind', 'ca', '--json')).stdout))
      .certificates[0];
    const days = (Date.parse(notAfter) - NOW.getTime()) / DAY;
    expect(await rows(days - 400, '--kind', 'ca')).toEqual([expect.stringMatching(/ valid$/)]);
    expect(await rows(days - 399, '--kind', 'ca')).toEqual([expect.stringMatching(/ due$/)]);
  });

  test('calls not-yet-valid what was issued by a clock that was ahead', async () => {
    expect(await rows(-1, '--name', 'alice')).toEqual(['alice not-yet-valid']);
  });
});

describe('the selection', () => {
  test.each([
    { words: ['--kind', 'client'], expected: ['carol valid', 'bob valid', 'alice valid'] },
    { words: ['--group', 'ops'], expected: ['bob valid', 'alice valid'] },
    { words: ['--group', 'dev'], expected: ['bob valid'] },
    { words: ['--name', 'carol'], expected: ['carol valid'] },
    { words: ['--name', 'carol', '--all'], expected: ['carol valid', 'carol replaced'] },
    { words: ['--state', 'replaced'], expected: ['carol replaced'] },
    { words: ['--state', 'expired'], expected: [] },
    { words: ['--kind', 'probe'], expected: [] },
    { words: ['--name', 'nobody'], expected: [] },
  ])('is $words', async ({ words, expected }) => {
    expect(await rows(0, ...words)).toEqual(expected);
  });
});

describe('--expiring-within', () => {
  test.each([
    { within: '29d', names: [], exitCode: 0 },
    { within: '30d', names: ['node1'], exitCode: 3 },
    { within: '2160h', names: ['node1', 'carol'], exitCode: 3 },
  ])('$within lists $names and exits with $exitCode', async ({ within, names, exitCode }) => {
    const outcome = await after(0, '--expiring-within', within, '--json');
    expect(outcome.exitCode).toBe(exitCode);
    const { certificates } = JSON.parse(String(outcome.stdout)) as { certificates: { name: string }[] };
    expect(certificates.map(({ name }) => name)).toEqual(names);
  });

  test('counts what has expired, and not what was replaced', async () => {
    expect(await after(20, '--expiring-within', '1s')).toMatchObject({ exitCode: 0 });
    expect(await after(31, '--expiring-within', '1s')).toMatchObject({ exitCode: 3 });
  });

  test.each(['30', 'soon', '-1d', ''])('refuses %j', async (within) => {
    expect(await after(0, `--expiring-within=${within}`)).toMatchObject({ exitCode: 2 });
  });
});

test('csv has a head and every date in full', async () => {
  const { stdout } = await after(0, '--format', 'csv', '--name', 'bob');
  expect(String(stdout)).toMatch(
    /^kind,name,state,groups,notBefore,notAfter,serial,fingerprint\nclient,bob,valid,ops;dev,20[\d:.TZ-]+,20[\d:.TZ-]+,[0-9a-f]+,[0-9a-f]{64}\n$/,
  );
});

test('--format and --json exclude each other', async () => {
  expect(await after(0, '--format', 'csv', '--json')).toMatchObject({ exitCode: 2 });
});

test('json says the state next to the status', async () => {
  const { stdout } = await after(70, '--json', '--name', 'node1');
  expect(JSON.parse(String(stdout))).toMatchObject({
    certificates: [{ status: 'current', state: 'expired', groups: [] }],
  });
});

test('json has the groups of a client', async () => {
  const { stdout } = await after(0, '--json', '--name', 'bob');
  expect(JSON.parse(String(stdout))).toMatchObject({
    certificates: [{ name: 'bob', groups: ['ops', 'dev'] }],
  });
});
