import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { readLine, verify } from '@docker-mtls/audit';
import { rotatedFiles } from '@docker-mtls/audit/log';
import type { ChainRecord } from '@docker-mtls/audit';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { auditIds, auditLog } from './audit-log.ts';
import { openLogFile } from './log-file.ts';
import type { LogFile } from './log-file.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const current = (): string => path.join(folder, 'audit.jsonl');

function linesOf(name: string): readonly string[] {
  return fs.readFileSync(path.join(folder, name), 'utf8').split('\n').slice(0, -1);
}

/** Of all files, oldest first. */
function allLines(): readonly string[] {
  return [...rotatedFiles(fs.readdirSync(folder)), 'audit.jsonl'].flatMap(linesOf);
}

function write(file: LogFile, record: ChainRecord): void {
  file.add(record);
  file.flush();
}

function writeSome(count: number): void {
  const file = openLogFile(folder);
  for (let number = 0; number < count; number += 1) write(file, { number });
  file.close();
}

describe('the file of a log', () => {
  test('continues its chain when it is opened again', () => {
    writeSome(3);
    writeSome(2);
    expect(verify(allLines())).toMatchObject({ kind: 'intact', checkpoint: { sequence: 5, count: 5 } });
    expect(fs.statSync(current()).mode & 0o777).toBe(0o600);
  });

  test('takes no record whose end would not be found again', () => {
    const file = openLogFile(folder);
    expect(() => write(file, { text: 'x'.repeat(2_500_000) })).toThrow('too long');
    write(file, { text: 'x'.repeat(1_000_000) });
    file.close();
    writeSome(1);
    expect(verify(allLines())).toMatchObject({ kind: 'intact', checkpoint: { sequence: 2, count: 2 } });
  });

  test('loses the half of a line that a stopped machine left', () => {
    writeSome(3);
    const half = linesOf('audit.jsonl')[0]?.slice(0, 80) ?? '';
    fs.appendFileSync(current(), half);
    writeSome(1);
    expect(verify(allLines())).toMatchObject({ kind: 'intact', checkpoint: { sequence: 4 } });
  });

  test('keeps lines of others, so that they show', () => {
    writeSome(2);
    fs.appendFileSync(current(), 'not a record\n');
    writeSome(1);
    expect(allLines()[2]).toBe('not a record');
    expect(verify(allLines())).toMatchObject({ kind: 'faulty', fault: 'malformed', line: 3 });
  });

  test('writes together what was added, and leaves out all of it where that fails', () => {
    const file = openLogFile(folder);
    write(file, { number: 1 });
    file.add({ number: 2 });
    expect(linesOf('audit.jsonl')).toHaveLength(1);
    fs.appendFileSync(current(), 'of another process\n');
    file.add({ number: 3 });
    expect(() => file.flush()).toThrow('another process');
    fs.truncateSync(current(), fs.statSync(current()).size - 'of another process\n'.length);
    write(file, { number: 4 });
    file.add({ number: 5 });
    write(file, { number: 6 });
    file.close();
    expect(allLines().map((line) => JSON.parse(line).number)).toEqual([1, 4, 5, 6]);
    expect(verify(allLines())).toMatchObject({ kind: 'intact', checkpoint: { sequence: 4 } });
  });

  test('is not taken over if nothing in it is a record', () => {
    fs.writeFileSync(current(), 'not a record\n');
    expect(() => openLogFile(folder)).toThrow(expect.objectContaining({ code: 'AUTHZ_AUDIT_DAMAGED' }));
  });

  test('is not followed where it is a link', () => {
    const elsewhere = path.join(temporaryFolder(), 'elsewhere');
    fs.writeFileSync(elsewhere, '');
    fs.symlinkSync(elsewhere, current());
    expect(() => openLogFile(folder)).toThrow('ELOOP');
  });

  test('is renamed when it is full, and the oldest go', () => {
    const file = openLogFile(folder, { rotateAt: 1000, mostRotated: 2 });
    for (let number = 0; number < 40; number += 1) write(file, { number });
    file.close();
    const rotated = rotatedFiles(fs.readdirSync(folder));
    expect(rotated).toHaveLength(2);
    const lines = allLines();
    const first = readLine(lines[0] ?? '');
    if (first === undefined) throw new Error('no record');
    const sequence = first.link.sequence - 1;
    const from = { sequence, hash: first.previous, count: sequence };
    expect(verify(lines, { from })).toMatchObject({ kind: 'intact', checkpoint: { sequence: 40 } });
  });

  test('continues after a rotated file when nothing was written since', () => {
    writeSome(3);
    fs.renameSync(current(), path.join(folder, 'audit-0000000000000001.jsonl'));
    writeSome(1);
    expect(verify(allLines())).toMatchObject({ kind: 'intact', checkpoint: { sequence: 4 } });
  });

  test('refuses to write between the lines of another process', () => {
    const [one, other] = [openLogFile(folder), openLogFile(folder)];
    write(one, { by: 'one' });
    expect(() => write(other, { by: 'other' })).toThrow('another process');
    expect(allLines()).toHaveLength(1);
    one.close();
    other.close();
  });

  test('goes on where readers look when someone has moved it', async () => {
    const file = openLogFile(folder);
    write(file, { number: 1 });
    fs.renameSync(current(), path.join(folder, 'moved'));
    await file.sync();
    write(file, { number: 2 });
    file.close();
    expect(verify([...linesOf('moved'), ...linesOf('audit.jsonl')])).toMatchObject({ kind: 'intact' });
  });
});

describe('a log', () => {
  test('tells the end of the chain when it is on the disk', async () => {
    const told: string[] = [];
    const log = auditLog(openLogFile(folder), (text) => void told.push(text));
    log.write({ type: 'outcome', id: '1', time: '', status: 200 });
    await log.synced();
    expect(told).toEqual([]);
    for (let number = 0; number < 1000; number += 1)
      log.write({ type: 'outcome', id: '1', time: '', status: 200 });
    await log.synced();
    expect(told).toEqual([expect.stringMatching(/^1001:[0-9a-f]{64}:1001$/)]);
    log.close();
    expect(told).toHaveLength(2);
  });

  test('writes what no answer waits for with the next record, or before the next sync', async () => {
    const log = auditLog(openLogFile(folder), () => undefined);
    const record = { type: 'outcome', id: '1', time: '', status: 200 } as const;
    log.add(record);
    expect(allLines()).toHaveLength(0);
    log.write(record);
    expect(allLines()).toHaveLength(2);
    log.add(record);
    await log.synced();
    expect(allLines()).toHaveLength(3);
    log.add(record);
    log.close();
    expect(allLines()).toHaveLength(4);
  });

  test('is brought to the disk again after that took longer than the time between two of them', async () => {
    const file = openLogFile(folder);
    const record = { type: 'outcome', id: '1', time: '', status: 200 } as const;
    await new Promise<void>((resolve) => {
      let count = 0;
      const sync = async (): Promise<void> => {
        count += 1;
        if (count === 1) log.write(record);
        else resolve();
        await new Promise((written) => setTimeout(written, 250));
      };
      const log = auditLog({ ...file, sync }, () => undefined);
      log.write(record);
    });
    file.close();
    expect(allLines().length).toBeGreaterThan(1);
  });

  test('takes no record after one that did not reach the disk', async () => {
    const file = openLogFile(folder);
    let isBroken = true;
    const sync = async (): Promise<void> => (isBroken ? Promise.reject(new Error('EIO')) : file.sync());
    const log = auditLog({ ...file, sync }, () => undefined);
    const record = { type: 'outcome', id: '1', time: '', status: 200 } as const;
    log.write(record);
    await expect(log.synced()).rejects.toThrow('EIO');
    expect(() => log.write(record)).toThrow('EIO');
    isBroken = false;
    await log.synced();
    log.write(record);
    log.close();
    expect(allLines()).toHaveLength(2);
  });

  test('gives decisions numbers that do not repeat', () => {
    const next = auditIds();
    const ids = new Set(Array.from({ length: 100_000 }, next));
    expect(ids.size).toBe(100_000);
    expect([...ids].every((id) => /^[0-9a-f]{6}$/.test(id))).toBe(true);
  });
});
