import fs from 'node:fs';
import path from 'node:path';
import { append, CURRENT_FILE, formatCheckpoint, GENESIS, rotatedName } from '@docker-mtls/audit';
import type { AuditRecord, ChainRecord, Link } from '@docker-mtls/audit';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../../test/support/temp.ts';
import { fakeIo } from '../../../testing/fake-io.ts';
import type { Io } from '../../io/io.ts';
import { main } from '../../main.ts';

let folder: string;
let log: string;
let printed: string[];
let io: Io;

/** The clock of these tests stands at 2026-01-01. */
function decision(number: number, changes: Partial<AuditRecord> = {}): AuditRecord {
  return {
    type: 'decision',
    id: `id${number}`,
    time: new Date(Date.UTC(2025, 11, 31, 12, number)).toISOString(),
    who: {
      cn: number % 2 === 0 ? 'alice' : 'bob',
      ou: [],
      serial: '0a1b',
      fingerprint: 'f'.repeat(64),
      issuer: 'e'.repeat(16),
    },
    what: {
      operation: 'ContainerStart',
      method: 'POST',
      uri: '/containers/web/start',
      object: 'web',
      risks: [],
    },
    verdict: number % 5 === 0 ? 'deny' : 'allow',
    role: 'operator',
    rule: 'bindings[1]',
    guard: undefined,
    reason: 'no role of this client allows ContainerStart',
    ...changes,
  } as AuditRecord;
}

/** Lines of a chain, and what it ends with after each. */
function chain(records: readonly AuditRecord[]): { lines: readonly string[]; links: readonly Link[] } {
  const lines: string[] = [];
  const links: Link[] = [];
  for (const record of records) {
    const { line, link } = append(links.at(-1) ?? GENESIS, record as unknown as ChainRecord);
    lines.push(line);
    links.push(link);
  }
  return { lines, links };
}

const COUNT = 30;
const { lines: LINES, links: LINKS } = chain(
  Array.from({ length: COUNT }, (_, index) => decision(index + 1)),
);

function checkpoint(sequence: number): string {
  return formatCheckpoint({ ...(LINKS[sequence - 1] ?? GENESIS), count: sequence });
}

function write(name: string, lines: readonly string[]): void {
  fs.writeFileSync(path.join(log, name), lines.map((line) => `${line}\n`).join(''));
}

beforeEach(() => {
  folder = temporaryFolder();
  log = path.join(folder, 'log/docker');
  fs.mkdirSync(log, { recursive: true });
  printed = [];
  io = fakeIo({
    cwd: folder,
    systemFolders: { policies: path.join(folder, 'etc'), logs: path.join(folder, 'log') },
    output: (part) => {
      printed.push(part);
      return true;
    },
  });
  write(rotatedName(1), LINES.slice(0, 10));
  write(rotatedName(11), LINES.slice(10, 20));
  write(CURRENT_FILE, LINES.slice(20));
});

type Answer = Record<string, unknown> & { readonly exitCode: number };

async function answer(...argv: readonly string[]): Promise<Answer> {
  const { stdout, exitCode } = await main([...argv, '--json'], io);
  const text = printed.join('') + Buffer.from(stdout).toString();
  return { ...(JSON.parse(text) as Record<string, unknown>), exitCode };
}

async function said(...argv: readonly string[]): Promise<string> {
  const { stdout, stderr } = await main(argv, io);
  return printed.join('') + Buffer.from(stdout).toString() + stderr;
}

function idsOf(found: Answer): readonly string[] {
  return (found['records'] as readonly { readonly id: string }[]).map(({ id }) => id);
}

describe('audit verify', () => {
  test('follows all files of a log', async () => {
    expect(await answer('audit', 'verify')).toEqual({
      exitCode: 0,
      log,
      verdict: 'intact',
      records: COUNT,
      checkpoint: checkpoint(COUNT),
    });
  });

  test.each([
    [rotatedName(1), 3, 'altered', 4, 4],
    [rotatedName(11), 0, 'altered', 1, 11],
    [CURRENT_FILE, 9, 'altered', 10, 30],
  ])('says where %s was changed', async (name, index, verdict, line, record) => {
    const lines = fs.readFileSync(path.join(log, name), 'utf8').trim().split('\n');
    write(name, lines.with(index, (lines[index] ?? '').replace('start', 'other')));
    const file = path.join(log, name);
    expect(await answer('audit', 'verify')).toEqual({ exitCode: 3, log, verdict, file, line, record });
    expect(await said('audit', 'verify')).toContain(
      `${file}:${line}: the log is not what was written, from record ${record}`,
    );
  });

  test('finds a file that was removed, and one that was cut', async () => {
    fs.rmSync(path.join(log, rotatedName(11)));
    expect(await answer('audit', 'verify')).toMatchObject({
      exitCode: 3,
      verdict: 'missing',
      record: 11,
      line: 1,
    });
    fs.writeFileSync(path.join(log, rotatedName(11)), LINES[10]?.slice(0, 50) ?? '');
    expect(await answer('audit', 'verify')).toMatchObject({ exitCode: 3, verdict: 'malformed', record: 11 });
  });

  test('knows by a checkpoint alone that the end is missing', async () => {
    write(CURRENT_FILE, LINES.slice(20, 25));
    expect(await answer('audit', 'verify')).toMatchObject({ exitCode: 0, records: 25 });
    expect(await answer('audit', 'verify', '--from', checkpoint(25))).toMatchObject({
      exitCode: 0,
      records: 0,
    });
    expect(await answer('audit', 'verify', '--from', checkpoint(26))).toMatchObject({
      exitCode: 3,
      verdict: 'truncated',
      line: 6,
      record: 26,
    });
  });

  test('needs a checkpoint where rotation has removed the beginning', async () => {
    fs.rmSync(path.join(log, rotatedName(1)));
    expect(await said('audit', 'verify')).toMatch(
      /give --from with the checkpoint of record 10 or a later one/u,
    );
    for (const sequence of [10, 15])
      expect(await answer('audit', 'verify', '--from', checkpoint(sequence))).toMatchObject({
        exitCode: 0,
        records: COUNT - sequence,
      });
  });

  test('takes a record that is being written for no fault', async () => {
    fs.appendFileSync(path.join(log, CURRENT_FILE), '{"seq":31,"prev"');
    expect(await answer('audit', 'verify')).toMatchObject({ exitCode: 0, records: COUNT, unfinished: 16 });
  });

  test('takes one file that is named', async () => {
    const file = path.join(log, rotatedName(1));
    expect(await answer('audit', 'verify', file)).toMatchObject({ exitCode: 0, log: file, records: 10 });
  });

  test.each([
    [['--from', 'x'], 1, 'AUDIT_CHECKPOINT_INVALID'],
    [['nowhere'], 1, 'FILE_NOT_FOUND'],
    [['.'], 1, 'AUDIT_NOT_FOUND'],
  ])('refuses %j', async (words, exitCode, code) => {
    expect(await answer('audit', 'verify', ...words)).toMatchObject({ exitCode, error: { code } });
  });

  test('does not follow links', async () => {
    fs.rmSync(path.join(log, CURRENT_FILE));
    fs.symlinkSync('/etc/passwd', path.join(log, CURRENT_FILE));
    expect(await answer('audit', 'verify')).toMatchObject({
      exitCode: 1,
      error: { code: 'FILE_NOT_REGULAR' },
    });
  });
});

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
    expect(idsOf(await answer('audit', 'query', ...words))).toEqual(numbers.map((number) => `id${number}`));
  });

  test('prints a line for each record', async () => {
    expect(await said('audit', 'query', '--id', 'id10')).toBe(
      '2025-12-31 12:10:00  deny   alice (operator)  ContainerStart web: ' +
        'no role of this client allows ContainerStart (bindings[1]) [id10]\n',
    );
  });

  test('stops when nobody reads on', async () => {
    write(
      CURRENT_FILE,
      Array.from({ length: 5000 }, () => LINES[29] ?? ''),
    );
    io = { ...io, output: (part) => printed.push(part) > 1 };
    const gone = { ...io, output: (part: string) => printed.push(part) > 1_000_000 };
    await main(['audit', 'query'], gone);
    expect(printed).toHaveLength(1);
  });

  test.each([
    [['--since', 'yesterday'], '"yesterday" is not a moment'],
    [['--since', '1h', '--until', '2h'], '--until is not later'],
    [['--serial', 'xyz'], 'is not a serial number'],
  ])('refuses %j', async (words, message) => {
    expect(await answer('audit', 'query', ...words)).toMatchObject({
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
    expect(idsOf(await answer('audit', 'tail', ...words))).toEqual(numbers.map((number) => `id${number}`));
  });

  test('follows the log, over a rotation, until nobody reads on', async () => {
    const more = chain(Array.from({ length: COUNT + 3 }, (_, index) => decision(index + 1))).lines;
    const steps = [
      () => fs.appendFileSync(path.join(log, CURRENT_FILE), `${more[30]}\n`),
      () => {
        fs.appendFileSync(path.join(log, CURRENT_FILE), `${more[31]}\n`);
        fs.renameSync(path.join(log, CURRENT_FILE), path.join(log, rotatedName(21)));
        write(CURRENT_FILE, more.slice(32));
      },
    ];
    const output = (part: string): boolean => {
      printed.push(...part.trim().split('\n'));
      steps.shift()?.();
      return !part.includes('[id33]');
    };
    const { exitCode } = await main(['audit', 'tail', '-f', '-n', '1'], { ...io, output });
    expect({ exitCode, ids: printed.map((line) => /\[id(\d+)\]$/.exec(line)?.[1]) }).toEqual({
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
    expect(await answer('audit', 'tail', ...words)).toMatchObject({ exitCode: 2, error: { code: 'USAGE' } });
  });
});

describe('audit export', () => {
  test('prints CSV', async () => {
    const rows = (await said('audit', 'export', '--format', 'csv', '--verdict', 'deny')).split('\r\n');
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
    expect(await said('audit', 'export')).toMatch(/^docker-mtls: error: no format is named\n/u);
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
  [decision(1, { who: { unknown: true }, role: undefined }), 'allow  nobody known  ContainerStart web [id1]'],
  [
    decision(1, { observed: true }),
    'would deny  bob (operator)  ContainerStart web: no role of this client allows',
  ],
  [decision(1, { reason: 'x', id: 'a\u001b[2J' }), '[a\\u{1b}[2J]'],
] as const)('a record is shown on one line: %j', async (record, shown) => {
  write(CURRENT_FILE, chain([record as AuditRecord]).lines);
  expect(await said('audit', 'tail', '-n', '1')).toContain(shown);
  expect(printed.join('')).not.toContain('\u001b');
});

const SECOND = append(LINKS[0] ?? GENESIS, { a: 1 }).line;
const DEEP = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

describe('a log with hostile lines', () => {
  const good = `${LINES[0] ?? ''}\n`;

  test.each<[string, string | Buffer, string]>([
    ['NUL bytes', `${good}${'\0'.repeat(1000)}\n`, 'malformed'],
    ['bytes that are not UTF-8', Buffer.concat([Buffer.from(good), Buffer.from([0xff, 0x0a])]), 'malformed'],
    ['an empty line', `${good}\n`, 'malformed'],
    ['a line of 5 MB', `${good}${'x'.repeat(5_000_000)}\n`, 'malformed'],
    ['a byte order mark', `\ufeff${good}`, 'malformed'],
    ['line ends of Windows', good.replace('\n', '\r\n'), 'malformed'],
    ['a line twice', `${good}${good}`, 'repeated'],
    ['a number of 17 digits', good.replace('"seq":1', '"seq":11111111111111111'), 'malformed'],
    ['brackets that nest deeply', `${good}${SECOND.replace('"a":1', `"a":${DEEP}`)}\n`, 'altered'],
  ])('is not what was written: %s', async (_what, content, verdict) => {
    fs.rmSync(log, { recursive: true });
    fs.mkdirSync(log);
    fs.writeFileSync(path.join(log, CURRENT_FILE), content);
    expect(await answer('audit', 'verify')).toMatchObject({ exitCode: 3, verdict });
    printed = [];
    expect((await main(['audit', 'query'], io)).exitCode).toBe(0);
    expect((await main(['audit', 'query', '--json'], io)).exitCode).toBe(0);
    expect((await main(['audit', 'export', '--format', 'csv'], io)).exitCode).toBe(0);
    expect((await main(['audit', 'tail', '--json'], io)).exitCode).toBe(0);
  });
});
