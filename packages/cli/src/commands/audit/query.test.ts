import fs from 'node:fs';
import path from 'node:path';
import { CURRENT_FILE, rotatedName } from '@docker-mtls/audit/log';
import type { AuditRecord } from '@docker-mtls/audit/log';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { chain, COUNT, decision, LINES } from '../../../../authz/testing/audit-chain.ts';
import { makeTestLog } from '../../../testing/audit-log.ts';
import type { Answer, TestLog } from '../../../testing/audit-log.ts';
import { main } from '../../main.ts';

let on: TestLog;

beforeEach(() => {
  on = makeTestLog();
});

function idsOf(found: Answer): readonly string[] {
  return (found['records'] as readonly { readonly id: string }[]).map(({ id }) => id);
}

describe('audit query', () => {
  test.each<[readonly string[], readonly number[]]>([
    [
      ['--name', 'alice', '--verdict', 'deny'],
      [10, 20, 30],
    ],
    [['--id', 'id7'], [7]],
    [
      ['--since', '2025-12-31T12:28:00Z'],
      [28, 29, 30],
    ],
    [
      ['--until', '2025-12-31T12:03:00Z'],
      [1, 2],
    ],
    [['--since', '11h'], []],
    [['--serial', '0A:1B', '--until', '2025-12-31T12:02:00Z'], [1]],
    [['--object', 'web', '--role', 'operator', '--operation', 'ContainerStart', '--id', 'id1'], [1]],
    [['--name', 'nobody'], []],
  ])('%j', async (words, numbers) => {
    expect(idsOf(await on.answer('audit', 'query', ...words))).toEqual(
      numbers.map((number) => `id${number}`),
    );
  });

  test('prints a line for each record', async () => {
    expect(await on.said('audit', 'query', '--id', 'id10')).toBe(
      '2025-12-31 12:10:00  deny   alice (operator)  ContainerStart web: ' +
        'no role of this client allows ContainerStart (bindings[1]) [id10]\n',
    );
  });

  test('stops when nobody reads on', async () => {
    on.write(
      CURRENT_FILE,
      Array.from({ length: 5000 }, () => LINES[29] ?? ''),
    );
    const gone = { ...on.io, output: (part: string) => on.printed.push(part) > 1_000_000 };
    await main(['audit', 'query'], gone);
    expect(on.printed).toHaveLength(1);
  });

  test.each([
    [['--since', 'yesterday'], '"yesterday" is not a moment'],
    [['--since', '1h', '--until', '2h'], '--until is not later'],
    [['--serial', 'xyz'], 'is not a serial number'],
  ])('refuses %j', async (words, message) => {
    expect(await on.answer('audit', 'query', ...words)).toMatchObject({
      exitCode: 2,
      error: { code: 'USAGE', message: expect.stringContaining(message) },
    });
  });
});

describe('audit tail', () => {
  test.each([
    [[], [21, 22, 23, 24, 25, 26, 27, 28, 29, 30]],
    [
      ['-n', '2'],
      [29, 30],
    ],
    [
      ['-n', '12', '--name', 'alice'],
      [8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30],
    ],
    [['-n', '0'], []],
    [['-n', '999'], LINES.map((_, index) => index + 1)],
  ])('%j', async (words, numbers) => {
    expect(idsOf(await on.answer('audit', 'tail', ...words))).toEqual(numbers.map((number) => `id${number}`));
  });

  test('follows the log, over a rotation, until nobody reads on', async () => {
    const more = chain(Array.from({ length: COUNT + 3 }, (_, index) => decision(index + 1))).lines;
    const steps = [
      () => fs.appendFileSync(path.join(on.folder, CURRENT_FILE), `${more[30]}\n`),
      () => {
        fs.appendFileSync(path.join(on.folder, CURRENT_FILE), `${more[31]}\n`);
        fs.renameSync(path.join(on.folder, CURRENT_FILE), path.join(on.folder, rotatedName(21)));
        on.write(CURRENT_FILE, more.slice(32));
      },
    ];
    const output = (part: string): boolean => {
      on.printed.push(...part.trim().split('\n'));
      steps.shift()?.();
      return !part.includes('[id33]');
    };
    const { exitCode } = await main(['audit', 'tail', '-f', '-n', '1'], { ...on.io, output });
    expect({ exitCode, ids: on.printed.map((line) => /\[id(\d+)\]$/.exec(line)?.[1]) }).toEqual({
      exitCode: 0,
      ids: ['30', '31', '32', '33'],
    });
  });

  test.each([
    ['-n', 'x'],
    ['-n', '-1'],
    ['-n', '100001'],
    ['-f', '--json'],
  ])('refuses %j', async (...words) => {
    expect(await on.answer('audit', 'tail', ...words)).toMatchObject({
      exitCode: 2,
      error: { code: 'USAGE' },
    });
  });
});

describe('audit export', () => {
  test('prints CSV', async () => {
    const rows = (await on.said('audit', 'export', '--format', 'csv', '--verdict', 'deny')).split('\r\n');
    expect(rows[0]).toMatch(/^time,id,type,cn,/u);
    expect(rows.slice(1, -1).map((row) => row.split(',')[1])).toEqual([
      'id5',
      'id10',
      'id15',
      'id20',
      'id25',
      'id30',
    ]);
  });

  test('asks for a format', async () => {
    expect(await on.said('audit', 'export')).toMatch(/^docker-mtls: error: no format is named\n/u);
  });
});

test.each([
  [
    { type: 'outcome', id: 'a', time: '2026-01-01T00:00:00.000Z', status: 201, duration: 1500 },
    'ended  status 201, 1.5 s [a]',
  ],
  [
    { type: 'outcome', id: 'a', time: '2026-01-01T00:00:00.000Z', status: undefined, refused: 'x' },
    'ended  refused: x [a]',
  ],
  [
    { type: 'change', time: '2026-01-01T00:00:00.000Z', what: 'policy', sha256: 'ab' },
    'change policy, SHA-256 ab',
  ],
  [decision(1, { who: { local: true }, role: undefined }), 'allow  a local client  ContainerStart web [id1]'],
  [
    decision(1, { who: { unknown: true }, role: undefined }),
    'allow  unknown client  ContainerStart web [id1]',
  ],
  [
    decision(1, { observed: true }),
    'would deny  bob (operator)  ContainerStart web: no role of this client allows',
  ],
  [decision(1, { reason: 'x', id: 'a\u001b[2J' }), '[a\\u{1b}[2J]'],
] as const)('a record is shown on one line: %j', async (record, shown) => {
  on.write(CURRENT_FILE, chain([record as AuditRecord]).lines);
  expect(await on.said('audit', 'tail', '-n', '1')).toContain(shown);
  expect(on.printed.join('')).not.toContain('\u001b');
});
