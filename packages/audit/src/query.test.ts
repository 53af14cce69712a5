import { expect, test } from '@jest/globals';
import { append, GENESIS } from './index.ts';
import { query, toCsv } from './log.ts';
import type { AuditRecord, Filter } from './log.ts';
import type { Link } from './index.ts';

function decision(
  id: string,
  cn: string,
  changes: Partial<Extract<AuditRecord, { type: 'decision' }>> = {},
): AuditRecord {
  return {
    type: 'decision',
    id,
    time: `2026-01-0${id}T00:00:00.000Z`,
    who: { cn, ou: ['ops', 'dev'], serial: `0${id}`, fingerprint: 'ff', issuer: 'ee' },
    what: { operation: 'ContainerList', method: 'GET', uri: '/containers/json', risks: [] },
    verdict: 'allow',
    role: 'viewer',
    rule: 'bindings[0]',
    guard: undefined,
    reason: 'allowed',
    ...changes,
  };
}

const RECORDS: readonly AuditRecord[] = [
  decision('1', 'alice'),
  decision('2', 'bob', { verdict: 'deny', guard: 'privileged', role: 'deployer' }),
  decision('3', 'alice', { reason: 'says "bob" and "deny"' }),
  { type: 'outcome', id: '2', time: '2026-01-04T00:00:00.000Z', status: 200, duration: 12 },
];

function linesOf(records: readonly AuditRecord[]): readonly string[] {
  let last: Link = GENESIS;
  return records.map((record) => {
    const { line, link } = append(last, record);
    last = link;
    return line;
  });
}

const LINES = linesOf(RECORDS);

test.each<[Filter, readonly number[]]>([
  [{}, [0, 1, 2, 3]],
  [{ cn: 'bob' }, [1]],
  [{ verdict: 'deny' }, [1]],
  [{ verdict: 'allow', cn: 'alice' }, [0, 2]],
  [{ id: '2' }, [1, 3]],
  [{ guard: 'privileged' }, [1]],
  [{ role: 'deployer' }, [1]],
  [{ serial: '03' }, [2]],
  [{ operation: 'ContainerList', from: '2026-01-02' }, [1, 2]],
  [{ until: '2026-01-03T00:00:00.000Z' }, [0, 1]],
  [{ object: 'web' }, []],
  [{ cn: 'ali' }, []],
])('the filter %j finds its records', (filter, expected) => {
  const ids = expected.map((index) => RECORDS[index]);
  expect([...query(LINES, filter)]).toEqual(JSON.parse(JSON.stringify(ids)));
});

test('a line that is cut off is passed over', () => {
  expect([...query([...LINES.slice(0, 1), LINES[1]?.slice(0, 40) ?? ''], {})]).toHaveLength(1);
});

test('a table has a header and a row for each record', () => {
  const [header, first, , third, outcome] = [...toCsv(query(LINES, {}))];
  expect(header).toBe(
    'time,id,type,cn,ou,serial,fingerprint,issuer,operation,method,uri,object,risks,verdict,role,rule,guard,reason,status,duration,changed,sha256\r\n',
  );
  expect(first).toBe(
    '2026-01-01T00:00:00.000Z,1,decision,alice,ops dev,01,ff,ee,ContainerList,GET,/containers/json,,,allow,viewer,bindings[0],,allowed,,,,\r\n',
  );
  expect(third).toContain('"says ""bob"" and ""deny"""');
  expect(outcome?.endsWith(',200,12,,\r\n')).toBe(true);
});

test('a table tells what came into force', () => {
  const [, row] = [...toCsv([{ type: 'change', time: 't', what: 'policy', sha256: 'abcd' }])];
  expect(row).toBe('t,,change,,,,,,,,,,,,,,,,,,policy,abcd\r\n');
});

test.each(['=cmd()', '+1', '-1', '@x', '\tx'])('a spreadsheet does not run the name %j', (cn) => {
  const [, row] = [...toCsv([decision('1', cn)])];
  expect(row).toContain(`,'${cn}`);
});

test('what breaks a line is quoted', () => {
  const [, row] = [...toCsv([decision('1', 'a,b\r\nc')])];
  expect(row).toContain('"a,b\r\nc"');
});
