import fs from 'node:fs';
import path from 'node:path';
import { append, GENESIS } from '@docker-mtls/audit';
import { CURRENT_FILE, rotatedName } from '@docker-mtls/audit/log';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { checkpoint, COUNT, LINES, LINKS } from '../../../../authz/testing/audit-chain.ts';
import { makeTestLog } from '../../../testing/audit-log.ts';
import type { TestLog } from '../../../testing/audit-log.ts';
import { main } from '../../main.ts';

let on: TestLog;

beforeEach(() => {
  on = makeTestLog();
});

describe('audit verify', () => {
  test('follows all files of a log', async () => {
    expect(await on.answer('audit', 'verify')).toEqual({
      exitCode: 0,
      log: on.folder,
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
    const lines = fs.readFileSync(path.join(on.folder, name), 'utf8').trim().split('\n');
    on.write(name, lines.with(index, (lines[index] ?? '').replace('start', 'other')));
    const file = path.join(on.folder, name);
    expect(await on.answer('audit', 'verify')).toEqual({
      exitCode: 3,
      log: on.folder,
      verdict,
      file,
      line,
      record,
    });
    expect(await on.said('audit', 'verify')).toContain(
      `${file}:${line}: the log is not what was written, from record ${record}`,
    );
  });

  test('finds a file that was removed, and one that was cut', async () => {
    fs.rmSync(path.join(on.folder, rotatedName(11)));
    expect(await on.answer('audit', 'verify')).toMatchObject({
      exitCode: 3,
      verdict: 'missing',
      record: 11,
      line: 1,
    });
    fs.writeFileSync(path.join(on.folder, rotatedName(11)), LINES[10]?.slice(0, 50) ?? '');
    expect(await on.answer('audit', 'verify')).toMatchObject({
      exitCode: 3,
      verdict: 'malformed',
      record: 11,
    });
  });

  test('knows by a checkpoint alone that the end is missing', async () => {
    on.write(CURRENT_FILE, LINES.slice(20, 25));
    expect(await on.answer('audit', 'verify')).toMatchObject({ exitCode: 0, records: 25 });
    expect(await on.answer('audit', 'verify', '--from', checkpoint(25))).toMatchObject({
      exitCode: 0,
      records: 0,
    });
    expect(await on.answer('audit', 'verify', '--from', checkpoint(26))).toMatchObject({
      exitCode: 3,
      verdict: 'truncated',
      line: 6,
      record: 26,
    });
  });

  test('needs a checkpoint where rotation has removed the beginning', async () => {
    fs.rmSync(path.join(on.folder, rotatedName(1)));
    expect(await on.said('audit', 'verify')).toMatch(
      /give --from with the checkpoint of record 10 or a later one/u,
    );
    for (const sequence of [10, 15])
      expect(await on.answer('audit', 'verify', '--from', checkpoint(sequence))).toMatchObject({
        exitCode: 0,
        records: COUNT - sequence,
      });
  });

  test('takes a record that is being written for no fault', async () => {
    fs.appendFileSync(path.join(on.folder, CURRENT_FILE), '{"seq":31,"prev"');
    expect(await on.answer('audit', 'verify')).toMatchObject({ exitCode: 0, records: COUNT, unfinished: 16 });
  });

  test('takes one file that is named', async () => {
    const file = path.join(on.folder, rotatedName(1));
    expect(await on.answer('audit', 'verify', file)).toMatchObject({ exitCode: 0, log: file, records: 10 });
  });

  test.each([
    [['--from', 'x'], 1, 'AUDIT_CHECKPOINT_INVALID'],
    [['nowhere'], 1, 'FILE_NOT_FOUND'],
    [['.'], 1, 'AUDIT_NOT_FOUND'],
  ])('refuses %j', async (words, exitCode, code) => {
    expect(await on.answer('audit', 'verify', ...words)).toMatchObject({ exitCode, error: { code } });
  });

  test('does not follow links', async () => {
    fs.rmSync(path.join(on.folder, CURRENT_FILE));
    fs.symlinkSync('/etc/passwd', path.join(on.folder, CURRENT_FILE));
    expect(await on.answer('audit', 'verify')).toMatchObject({
      exitCode: 1,
      error: { code: 'FILE_NOT_REGULAR' },
    });
  });
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
    fs.rmSync(on.folder, { recursive: true });
    fs.mkdirSync(on.folder);
    fs.writeFileSync(path.join(on.folder, CURRENT_FILE), content);
    expect(await on.answer('audit', 'verify')).toMatchObject({ exitCode: 3, verdict });
    expect((await main(['audit', 'query'], on.io)).exitCode).toBe(0);
    expect((await main(['audit', 'query', '--json'], on.io)).exitCode).toBe(0);
    expect((await main(['audit', 'export', '--format', 'csv'], on.io)).exitCode).toBe(0);
    expect((await main(['audit', 'tail', '--json'], on.io)).exitCode).toBe(0);
  });
});
