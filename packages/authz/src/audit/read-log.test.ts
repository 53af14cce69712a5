import fs from 'node:fs';
import path from 'node:path';
import { CURRENT_FILE, parseCheckpoint, rotatedName } from '@docker-mtls/audit/log';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import {
  chain,
  checkpoint,
  COUNT,
  decision,
  LINES,
  writeLines,
  writeTestLog,
} from '../../testing/audit-chain.ts';
import { openLogTail, verifyAuditLog, withAuditLog } from '../index.ts';
import type { FoundRecord } from '../index.ts';

const ALL = {} as Parameters<typeof openLogTail>[1];

let folder: string;
beforeEach(() => {
  folder = path.join(temporaryFolder(), 'log');
  writeTestLog(folder);
});

const file = (name: string): string => path.join(folder, name);

function idsOf(records: Iterable<FoundRecord>): readonly unknown[] {
  return [...records].map(({ id }) => id);
}

describe('an audit log', () => {
  test('is read from its oldest file to its newest line, and each line has its place', () => {
    withAuditLog(folder, (log) => {
      expect([...log.lines()]).toEqual(LINES);
      expect(log.place()).toEqual({ file: file(CURRENT_FILE), line: 10 });
    });
  });

  test('may be a file of one, which has no beginning', () => {
    expect(verifyAuditLog(file(rotatedName(11)), undefined)).toMatchObject({
      verification: { kind: 'faulty', fault: 'missing', sequence: 1 },
      first: 11,
    });
  });

  test('is intact with a record that is being written', () => {
    fs.appendFileSync(file(CURRENT_FILE), '{"type"');
    expect(verifyAuditLog(folder, undefined)).toMatchObject({
      verification: { kind: 'intact', checkpoint: { sequence: COUNT } },
      unfinished: 7,
    });
  });

  test('with half a record before another file is not', () => {
    fs.appendFileSync(file(rotatedName(11)), '{"type"');
    expect(verifyAuditLog(folder, undefined).verification).toMatchObject({ fault: 'malformed' });
  });

  test('that is not there is refused', () => {
    const refused = expect.objectContaining({ code: 'AUDIT_NOT_FOUND' });
    expect(() => verifyAuditLog(temporaryFolder(), undefined)).toThrow(refused);
  });
});

describe('the end of an audit log', () => {
  test.each([0, 1, 11, 30, 99])('has the newest records: %d of them', (most) => {
    const tail = openLogTail(folder, ALL, most);
    expect(idsOf(tail.records)).toEqual(
      Array.from({ length: COUNT }, (_, index) => `id${index + 1}`).slice(most === 0 ? COUNT : -most),
    );
    tail.close();
  });

  test('goes on in the file that takes the name of a full one', async () => {
    const { lines } = chain(Array.from({ length: COUNT + 2 }, (_, index) => decision(index + 1)));
    const tail = openLogTail(folder, ALL, 1);
    const added = tail.added();
    const next = async (): Promise<readonly unknown[]> => idsOf((await added.next()).value ?? []);
    expect(await next()).toEqual([]);
    fs.appendFileSync(file(CURRENT_FILE), `${lines[COUNT]}\n`);
    fs.renameSync(file(CURRENT_FILE), file(rotatedName(21)));
    writeLines(file(CURRENT_FILE), lines.slice(COUNT + 1));
    expect(await next()).toEqual(['id31']);
    expect(await next()).toEqual(['id32']);
    await added.return(undefined);
    tail.close();
  });
});

test('the end of a log that was cut off shows with a checkpoint from before', () => {
  writeLines(file(CURRENT_FILE), LINES.slice(20, 25));
  const from = parseCheckpoint(checkpoint(28));
  expect(verifyAuditLog(folder, from).verification).toMatchObject({ fault: 'truncated' });
});
