import { describe, expect, test } from '@jest/globals';
import { append, GENESIS, recordOf, verify } from './index.ts';
import { formatCheckpoint, parseCheckpoint } from './log.ts';
import type { Checkpoint } from './log.ts';
import type { Link } from './index.ts';

const COUNT = 20;

function chainOf(records: readonly Record<string, unknown>[]): { lines: string[]; links: Link[] } {
  const lines: string[] = [];
  const links: Link[] = [];
  for (const record of records) {
    const { line, link } = append(links.at(-1) ?? GENESIS, record);
    lines.push(line);
    links.push(link);
  }
  return { lines, links };
}

const RECORDS = Array.from({ length: COUNT }, (_, index) => ({
  type: 'decision',
  who: { cn: `user${index}` },
  text: 'line\nbreak "quoted" \u2028',
  count: index,
}));
const { lines: LINES, links: LINKS } = chainOf(RECORDS);

function at(index: number): Checkpoint {
  const link = LINKS[index];
  if (link === undefined) throw new Error('no such link');
  return { ...link, count: index + 1 };
}

function without<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, each) => each !== index);
}

describe('an intact chain', () => {
  test('ends at the checkpoint of its last record', () => {
    expect(verify(LINES)).toEqual({ kind: 'intact', checkpoint: at(COUNT - 1) });
  });

  test('is intact when it is empty', () => {
    expect(verify([])).toEqual({ kind: 'intact', checkpoint: { ...GENESIS, count: 0 } });
  });

  test('holds every record on a line of its own', () => {
    expect(LINES.every((line) => !line.includes('\n'))).toBe(true);
    expect(LINES.map(recordOf)).toEqual(RECORDS);
  });

  test.each([0, 7, COUNT - 2])('continues from checkpoint %i', (index) => {
    const rest = LINES.slice(index + 1);
    expect(verify(rest, { from: at(index) })).toEqual({ kind: 'intact', checkpoint: at(COUNT - 1) });
  });

  test.each([0, 7, COUNT - 1])('is passed over up to checkpoint %i', (index) => {
    const lines = LINES.map((line, place) => (place < index ? 'anything' : line));
    expect(verify(lines, { from: at(index) })).toEqual({ kind: 'intact', checkpoint: at(COUNT - 1) });
  });

  test('agrees with every checkpoint that was taken of it', () => {
    const checkpoints = LINKS.map((_, index) => at(index));
    expect(verify(LINES, { checkpoints }).kind).toBe('intact');
  });
});

describe('the first fault', () => {
  test.each(LINES.map((_, index) => index))('of a chain without line %i is where it is missing', (index) => {
    const expected =
      index === COUNT - 1
        ? { kind: 'intact' }
        : { kind: 'faulty', fault: 'missing', line: index + 1, sequence: index + 1 };
    expect(verify(without(LINES, index))).toMatchObject(expected);
  });

  test.each([0, 1, COUNT - 1])('of a chain cut off before line %i shows by a checkpoint', (index) => {
    const cut = LINES.slice(0, index);
    expect(verify(cut).kind).toBe('intact');
    expect(verify(cut, { checkpoints: [at(COUNT - 1)] })).toEqual({
      kind: 'faulty',
      fault: 'truncated',
      line: index + 1,
      sequence: index + 1,
    });
  });

  test.each([0, 5, COUNT - 2])(
    'of a chain with lines %i and the next exchanged is the first of them',
    (index) => {
      const lines = [...LINES];
      [lines[index], lines[index + 1]] = [LINES[index + 1] ?? '', LINES[index] ?? ''];
      expect(verify(lines)).toMatchObject({ fault: 'missing', line: index + 1 });
    },
  );

  test('of a chain with a line twice is the second', () => {
    expect(verify([...LINES.slice(0, 4), ...LINES.slice(3)])).toMatchObject({
      fault: 'repeated',
      line: 5,
      sequence: 5,
    });
  });

  test('of a chain whose line was replaced by one with a right hash is the next line', () => {
    const { line } = append(LINKS[3] ?? GENESIS, { forged: true });
    expect(verify([...LINES.slice(0, 4), line, ...LINES.slice(5)])).toMatchObject({
      fault: 'foreign',
      line: 6,
    });
  });

  test('of a chain written again from some line on shows by a checkpoint', () => {
    const forged: string[] = [];
    let link = LINKS[3] ?? GENESIS;
    for (const record of RECORDS.slice(4)) {
      const next = append(link, { ...record, count: 0 });
      forged.push(next.line);
      link = next.link;
    }
    const lines = [...LINES.slice(0, 4), ...forged];
    expect(verify(lines).kind).toBe('intact');
    expect(verify(lines, { checkpoints: [at(9)] })).toMatchObject({
      fault: 'rewritten',
      line: 10,
      sequence: 10,
    });
  });

  test.each([0, 5, COUNT - 1])('of a chain that ends before checkpoint %i is its end', (index) => {
    expect(verify(LINES.slice(0, index), { from: at(index) })).toMatchObject({
      fault: 'truncated',
      line: index + 1,
      sequence: index + 1,
    });
  });

  test('of a chain that differs at the checkpoint is there', () => {
    const from = { ...at(5), hash: 'f'.repeat(64) };
    expect(verify(LINES, { from })).toMatchObject({ fault: 'rewritten', line: 6, sequence: 6 });
  });

  test('of a chain without the records after the checkpoint is the first one that is there', () => {
    expect(verify(LINES.slice(8), { from: at(5) })).toMatchObject({ fault: 'missing', line: 1, sequence: 7 });
  });

  test('of a chain that continues another one is its first line', () => {
    const other = chainOf([{ other: 1 }, { other: 2 }]);
    const from = { ...GENESIS, ...other.links[0], count: 1 };
    expect(verify(LINES.slice(1), { from })).toMatchObject({ fault: 'foreign', line: 1 });
  });

  test('of a chain with a line cut short is that line', () => {
    const lines = [...LINES.slice(0, 9), LINES[9]?.slice(0, -1) ?? ''];
    expect(verify(lines)).toMatchObject({ fault: 'malformed', line: 10 });
  });
});

describe('a change', () => {
  const index = 6;
  const line = LINES[index] ?? '';

  test.each([...line].map((_, place) => place))('of the character at %i is found at its line', (place) => {
    const other = line[place] === '0' ? '1' : '0';
    const lines = LINES.with(index, `${line.slice(0, place)}${other}${line.slice(place + 1)}`);
    expect(verify(lines)).toMatchObject({ kind: 'faulty', line: index + 1, sequence: index + 1 });
  });

  test.each(['seq', 'prev', 'hash'])('of a record cannot bring its own %s', (name) => {
    expect(() => append(GENESIS, { [name]: 1 })).toThrow(name);
  });
});

test('a checkpoint is read as it was written', () => {
  expect(parseCheckpoint(formatCheckpoint(at(3)))).toEqual(at(3));
});

test.each(['', '1', '1:2:3', `1:${'0'.repeat(64)}`, `1:${'0'.repeat(64)}:1 `, `-1:${'0'.repeat(64)}:1`])(
  'the checkpoint %j is refused',
  (text) => {
    expect(() => parseCheckpoint(text)).toThrow(
      expect.objectContaining({ code: 'AUDIT_CHECKPOINT_INVALID' }),
    );
  },
);
