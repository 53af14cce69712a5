import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parsePem, pemFaults, toPem } from './pem.ts';

const GOOD = toPem('X', Buffer.from('hello'));
const HELLO = { label: 'X', headers: new Map<string, string>(), der: Buffer.from('hello') };

/** One line of the good block replaced. */
function withBody(body: string): string {
  return GOOD.replace('aGVsbG8=', body);
}

describe('toPem', () => {
  test('writes lines of at most 64 characters that parsePem reads back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
        const pem = toPem('SOME KEY', Buffer.from(bytes));
        expect(parsePem(pem)).toEqual([{ label: 'SOME KEY', headers: new Map(), der: Buffer.from(bytes) }]);
        expect(pem.split('\n').every((line) => line.length <= 64)).toBe(true);
        expect(pem).not.toContain('\n\n');
      }),
    );
  });
});

describe('parsePem', () => {
  test.each([
    { what: 'CRLF', text: GOOD.replaceAll('\n', '\r\n') },
    { what: 'blanks and tabs at the ends of its lines', text: GOOD.replaceAll('\n', ' \t \n') },
    { what: 'blanks before CRLF', text: GOOD.replaceAll('\n', ' \r\n') },
    { what: 'no line feed at its end', text: GOOD.trimEnd() },
    { what: 'blanks alone after its end', text: `${GOOD.trimEnd()} \t` },
    { what: 'text on the lines around it', text: `# mine: my own\n${GOOD}the end` },
    { what: 'a byte order mark on a line of its own', text: `\xef\xbb\xbf\n${GOOD}` },
    { what: 'blank lines in its body', text: withBody('\n aGVs \n\nbG8=\n') },
    { what: 'blanks within a line', text: withBody('\taG Vs\tbG8 =') },
    { what: 'a carriage return within a line', text: withBody('aGVs\rbG8=') },
    { what: 'one character on each line', text: withBody([...'aGVsbG8='].join('\n')) },
    { what: 'spare bits that are set', text: withBody('aGVsbG9=') },
    { what: 'an unfinished block before it', text: `-----BEGIN Y-----\naGVs\n${GOOD}` },
    { what: 'an unfinished block with headers before it', text: `-----BEGIN Y-----\na: b\n${GOOD}` },
    { what: 'an END line before it', text: `-----END X-----\n${GOOD}` },
    {
      what: 'a BEGIN line in the body of another',
      text: `-----BEGIN Y-----\naGVs\n${GOOD}-----END Y-----\n`,
    },
    { what: 'a BEGIN line without dashes before it', text: `-----BEGIN X\n${GOOD}` },
  ])('reads a block with $what', ({ text }) => {
    expect(parsePem(text)).toHaveLength(1);
    expect(parsePem(Buffer.from(text, 'latin1'))[0]?.der.toString('latin1')).toMatch(/^hell[o\x6f]$/);
  });

  test.each([
    { label: 'a label of two words', text: toPem('A B', HELLO.der), expected: 'A B' },
    { label: 'a label with a blank at its end', text: toPem('X ', HELLO.der), expected: 'X ' },
    { label: 'a label in lower case', text: toPem('x', HELLO.der), expected: 'x' },
    { label: 'no label', text: toPem('', HELLO.der), expected: '' },
  ])('keeps $label byte for byte', ({ text, expected }) => {
    expect(parsePem(text).map(({ label }) => label)).toEqual([expected]);
  });

  test('reads each line with a colon, up to the first without one, as a header', () => {
    const headers = new Map([
      ['Proc-Type', '4,ENCRYPTED'],
      ['DEK-Info', 'AES'],
    ]);
    const lines = 'Proc-Type: 4,ENCRYPTED\n DEK-Info :AES \n';
    expect(parsePem(withBody(`${lines}\naGVsbG8=`))).toEqual([{ ...HELLO, headers }]);
    expect(parsePem(withBody(`${lines}aGVsbG8=`))).toEqual([{ ...HELLO, headers }]);
  });

  test('takes an END line that follows at once for an empty block, but not after a header', () => {
    expect(parsePem('-----BEGIN X-----\n-----END X-----')).toEqual([{ ...HELLO, der: Buffer.alloc(0) }]);
    expect(parsePem('-----BEGIN X-----\r\n-----END X-----')).toHaveLength(1);
    expect(parsePem('-----BEGIN X-----\n\n-----END X-----')).toHaveLength(1);
    expect(parsePem('-----BEGIN X-----\na: b\n-----END X-----')).toEqual([]);
    expect(parsePem('-----BEGIN X-----\na: b\n\n-----END X-----')).toHaveLength(1);
  });

  test('finds the blocks after one that is dropped', () => {
    const two = toPem('Y', Buffer.from('two'));
    expect(parsePem(`${GOOD.replace('aGVs', 'aG*s')}${two}`).map(({ label }) => label)).toEqual(['Y']);
    expect(parsePem(`${GOOD}${GOOD.replace('END X', 'END Y')}${two}`)).toHaveLength(2);
  });

  test('takes a block that is longer than a pattern of its groups has a stack for', () => {
    const [block] = parsePem(toPem('X', Buffer.alloc(8 * 1024 * 1024)));
    expect(block?.der).toHaveLength(8 * 1024 * 1024);
  });

  test('needs no time that grows with the square of a hostile file', () => {
    const lines = '-----BEGIN X-----\n'.repeat(200_000);
    expect(parsePem(lines)).toEqual([]);
    expect(parsePem(`${lines}aGVsbG8=\n-----END X-----\n`)).toEqual([HELLO]);
    expect(parsePem(`${lines}${'a'.repeat(1_000_000)}*\n-----END X-----\n`)).toEqual([]);
  });

  test('finds none in other text', () => {
    expect(parsePem('hello')).toEqual([]);
    expect(pemFaults('hello')).toEqual([]);
  });

  const LINE_1 = 'line 1: ';
  test.each([
    { why: 'no END line', text: GOOD.replace(/-----END.*/, ''), fault: 'the block has no END line' },
    {
      why: 'another label at its end',
      text: GOOD.replace('END X', 'END Y'),
      fault: 'begins as "X" and ends otherwise',
    },
    { why: 'six dashes at its end', text: GOOD.replace('END X-----', 'END X------'), fault: 'text after' },
    {
      why: 'four dashes at its end',
      text: GOOD.replace('END X-----', 'END X----'),
      fault: 'not end in five dashes',
    },
    {
      why: 'text on its last line',
      text: `${GOOD.trimEnd()} x`,
      fault: "text after the END line's five dashes",
    },
    { why: 'a lone CR at the end of the text', text: `${GOOD.trimEnd()}\r`, fault: 'text after' },
    {
      why: 'a CR before blanks',
      text: GOOD.replace('X-----\n', 'X-----\r \n'),
      fault: 'BEGIN line does not end',
    },
    { why: 'two CRs', text: GOOD.replace('X-----\n', 'X-----\r\r\n'), fault: 'BEGIN line does not end' },
    { why: 'a vertical tab', text: GOOD.replace('X-----\n', 'X-----\v\n'), fault: 'BEGIN line does not end' },
    { why: 'an indented END line', text: GOOD.replace('-----END', ' -----END'), fault: 'no END line' },
    { why: 'a stray character', text: withBody('aG*sbG8='), fault: 'a character that is not base64' },
    { why: 'the other alphabet', text: withBody('aGVs_G8='), fault: 'a character that is not base64' },
    { why: 'a dash', text: withBody('aGVs-G8='), fault: 'a dash' },
    { why: 'a comment', text: withBody('# my key\naGVsbG8='), fault: 'a character that is not base64' },
    { why: 'a form feed', text: withBody('aGVs\fbG8='), fault: 'a character that is not base64' },
    { why: 'a no-break space', text: withBody('aGVs\xa0bG8='), fault: 'a character that is not base64' },
    { why: 'padding in the middle', text: withBody('aG==bG8='), fault: 'badly padded' },
    { why: 'three signs of padding', text: withBody('aGVsb==='), fault: 'badly padded' },
    { why: 'a character too few', text: withBody('aGVsbG8'), fault: 'badly padded' },
    { why: 'a header in place of its first line', text: withBody('aG:Vs\nbG8'), fault: 'badly padded' },
    {
      why: 'a BEGIN line among its headers',
      text: withBody('a: -----BEGIN X-----\naGVsbG8='),
      fault: 'BEGIN or END line',
    },
    { why: 'a second one on its last line', text: `${GOOD.trimEnd()}${GOOD}`, fault: 'text after' },
  ])('drops a block with $why, and says so', ({ text, fault }) => {
    expect(parsePem(text)).toEqual([]);
    expect(pemFaults(text)[0]).toMatch(new RegExp(`^${LINE_1}.*${fault}`));
  });

  test.each([
    { what: 'a blank', before: ' ' },
    { what: 'a tab', before: '\t' },
    { what: 'a form feed', before: '\f' },
    { what: 'a NUL', before: '\0' },
    { what: 'a byte order mark', before: '\xef\xbb\xbf' },
    { what: 'text', before: 'see ' },
    { what: 'a CR', before: '\r' },
  ])('finds no block where $what stands before BEGIN', ({ before }) => {
    expect(parsePem(before + GOOD)).toEqual([]);
    expect(parsePem(`x\n${before}${GOOD}`)).toEqual([]);
  });

  test.each([
    { what: 'CR alone at the ends of its lines', text: GOOD.replaceAll('\n', '\r') },
    { what: 'line ends spelt out', text: GOOD.replaceAll('\n', String.raw`\n`) },
    { what: 'UTF-16', text: Buffer.from(GOOD, 'utf16le') },
  ])('finds no block in a text with $what', ({ text }) => {
    expect(parsePem(text)).toEqual([]);
  });

  test('says the line of each fault, and nothing of what is in the block', () => {
    const text = `\n${GOOD.replace('aGVs', 'aG*s')}${withBody('bG8')}`;
    expect(pemFaults(text)).toEqual([
      'line 2: a character that is not base64 among its lines',
      'line 5: base64 that is cut short or badly padded',
    ]);
  });
});
