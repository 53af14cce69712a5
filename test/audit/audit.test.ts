import { once } from 'node:events';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { append, GENESIS } from '@docker-mtls/audit';
import { CURRENT_FILE, rotatedName } from '@docker-mtls/audit/log';
import type { Link } from '@docker-mtls/audit';
import { beforeAll, expect, test } from '@jest/globals';
import { BUNDLE, cli, cliJson } from '../support/cli.ts';
import { run, searchPath } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

// A log as an engine leaves it after some weeks, read by the program itself.

const RECORDS = 60_000;
const PER_FILE = 25_000;
/** About a tenth of the log. */
const LITTLE_MEMORY = { env: { NODE_OPTIONS: '--max-old-space-size=24' } };

let log: string;

beforeAll(() => {
  log = temporaryFolder();
  let last: Link = GENESIS;
  let lines: string[] = [];
  for (let number = 1; number <= RECORDS; number += 1) {
    const { line, link } = append(last, record(number));
    lines.push(line);
    last = link;
    if (lines.length < PER_FILE && number < RECORDS) continue;
    const name = number === RECORDS ? CURRENT_FILE : rotatedName(number - lines.length + 1);
    fs.writeFileSync(path.join(log, name), `${lines.join('\n')}\n`);
    lines = [];
  }
});

function record(number: number): Record<string, unknown> {
  return {
    type: 'decision',
    id: number.toString(16).padStart(6, '0'),
    time: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(),
    who: {
      cn: `client${number % 200}`,
      ou: ['ops'],
      serial: '0a1b2c3d',
      fingerprint: 'f'.repeat(64),
      issuer: 'e'.repeat(40),
    },
    what: { operation: 'ContainerList', method: 'GET', uri: '/v1.51/containers/json?all=1', risks: [] },
    verdict: number % 10 === 0 ? 'deny' : 'allow',
    role: 'viewer',
    rule: 'bindings[3]',
    reason: 'the role viewer allows it',
  };
}

test('verify follows a log that is larger than its memory', async () => {
  expect(await cliJson(['audit', 'verify', log], LITTLE_MEMORY)).toMatchObject({
    verdict: 'intact',
    records: RECORDS,
  });
});

test('query prints more records than its memory holds', async () => {
  const { records } = await cliJson(['audit', 'query', log, '--verdict', 'allow'], LITTLE_MEMORY);
  expect(records).toHaveLength(RECORDS * 0.9);
});

test('export prints a row for each record', async () => {
  const { code, stdout } = await cli(['audit', 'export', log, '--format', 'csv'], LITTLE_MEMORY);
  expect({ code, rows: stdout.trimEnd().split('\r\n').length }).toEqual({ code: 0, rows: RECORDS + 1 });
});

test('a reader that has seen enough ends it', async () => {
  const script = '"$@" audit query "$LOG" | head -n 1';
  const { code, stdout, stderr } = await run('sh', ['-c', script, 'sh', process.execPath, BUNDLE], {
    env: { LOG: log },
  });
  expect({ code, lines: stdout.split('\n').length, stderr }).toEqual({ code: 0, lines: 2, stderr: '' });
});

test('tail follows what is written, and ends by a signal', async () => {
  const child = spawn(process.execPath, [BUNDLE, 'audit', 'tail', log, '-f', '-n', '1'], {
    env: { PATH: searchPath(), HOME: log },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [first] = (await once(child.stdout, 'data')) as [Buffer];
  expect(String(first)).toContain('[00ea60]');
  fs.appendFileSync(path.join(log, CURRENT_FILE), `${JSON.stringify(record(RECORDS + 1))}\n`);
  const [second] = (await once(child.stdout, 'data')) as [Buffer];
  expect(String(second)).toContain('[00ea61]');
  child.kill('SIGINT');
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGINT');
});

test('verify names the file and the line that was changed', async () => {
  const file = path.join(log, rotatedName(PER_FILE + 1));
  const text = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, text.replace('"id":"006590","time":', '"id":"006591","time":'));
  const { code, stdout } = await cli(['audit', 'verify', log]);
  expect({ code, stdout }).toEqual({
    code: 3,
    stdout: expect.stringMatching(
      `^${file}:1000: the log is not what was written, from record 26000 on: it was changed after it was written\nhint: `,
    ),
  });
});
