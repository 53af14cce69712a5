import path from 'node:path';
import { Connection } from '@docker-mtls/registry';
import { beforeEach, expect, test } from '@jest/globals';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';

let ca: TestCa;

beforeEach(async () => {
  ca = await makeTestCa(['issue-client', 'alice'], ['revoke', 'alice', '--yes']);
});

async function json(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout, exitCode } = await ca.run(...argv, '--json');
  return { ...(JSON.parse(String(stdout)) as Record<string, unknown>), exitCode };
}

/** What only somebody does who writes to the file by other means. */
function tamper(sql: string): void {
  const registry = new Connection(path.join(ca.folder, 'ca/registry.db'));
  registry.execute(`DROP TRIGGER events_are_not_changed; DROP TRIGGER events_are_not_removed; ${sql}`);
  registry.close();
}

test('the log says what was done, by whom and when', async () => {
  const { events } = (await json('ca', 'log')) as { events: readonly Record<string, unknown>[] };
  expect(events.map(({ action }) => action)).toEqual([
    'ca.created',
    'certificate.issued',
    'certificate.revoked',
    'crl.issued',
  ]);
  expect(events[1]).toMatchObject({
    operator: 'ada@desk',
    at: '2026-01-01T00:00:00.000Z',
    detail: { name: 'alice' },
  });
  expect((await json('ca', 'log', '--last', '1'))['events']).toEqual(events.slice(-1));
  const { stdout } = await ca.run('ca', 'log');
  expect(stdout).toMatch(/ada@desk +certificate\.revoked +[0-9a-f]{32} +reason=unspecified/u);
});

test('a log that nobody touched is what was written, also at an earlier checkpoint', async () => {
  const { checkpoint } = await json('ca', 'log', 'verify');
  await ca.run('issue-client', 'bob');
  expect(await json('ca', 'log', 'verify', String(checkpoint))).toMatchObject({
    exitCode: 0,
    verdict: 'intact',
    events: 5,
  });
});

test.each([
  [`UPDATE events SET operator = 'mallory' WHERE id = 2`, { verdict: 'altered', event: 2 }],
  ['DELETE FROM events WHERE id = 1', { verdict: 'missing', event: 1 }],
  ['DELETE FROM events WHERE id > 1', { verdict: 'untold' }],
])('exit code 3 after %s', async (sql, verdict) => {
  tamper(sql);
  expect(await json('ca', 'log', 'verify')).toMatchObject({ exitCode: 3, ...verdict });
});

test('a checkpoint shows that the end was removed', async () => {
  const { checkpoint } = await json('ca', 'log', 'verify');
  tamper('DELETE FROM events WHERE id = 4');
  expect(await json('ca', 'log', 'verify')).toMatchObject({ exitCode: 0 });
  expect(await json('ca', 'log', 'verify', String(checkpoint))).toMatchObject({
    exitCode: 3,
    verdict: 'truncated',
  });
});

test('an escape sequence in the log is shown, not obeyed', async () => {
  tamper(`UPDATE events SET operator = 'x' || char(27) || '[2J' WHERE id = 2`);
  const { stdout } = await ca.run('ca', 'log');
  expect(stdout).toContain(String.raw`x\u{1b}[2J`);
});

test.each([['0'], ['-1'], ['1e3'], ['x'], ['1.5']])('--last %s is refused', async (last) => {
  expect(await json('ca', 'log', `--last=${last}`)).toMatchObject({ exitCode: 2, error: { code: 'USAGE' } });
});
