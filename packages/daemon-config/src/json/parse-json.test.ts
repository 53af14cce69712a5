import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { JsonNode } from './json-node.ts';
import { DEEPEST, parseJson } from './parse-json.ts';

function plain(text: string, node: JsonNode): unknown {
  if (node.type === 'object') {
    return Object.fromEntries(node.members.map(({ key, value }) => [key.value, plain(text, value)]));
  }
  if (node.type === 'array') return node.items.map((item) => plain(text, item));
  return JSON.parse(text.slice(node.start, node.end));
}

describe('parseJson', () => {
  test('reads whatever JSON.stringify writes, and knows where each value stands', () => {
    const indentations = fc.constantFrom('', ' ', '\t', '    ');
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), indentations, (value, indentation) => {
        const text = JSON.stringify(value, undefined, indentation);
        expect(plain(text, parseJson(text, 0))).toEqual(JSON.parse(text));
      }),
    );
  });

  test('agrees with JSON.parse on what is JSON, but for duplicate keys', () => {
    const scraps = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '1',
      '-0.5e3',
      'true',
      'null',
      ' ',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(scraps, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const ours = outcome(() => parseJson(text, 0));
        if (ours.includes('stands twice')) return;
        expect(ours === 'good').toBe(outcome(() => JSON.parse(text)) === 'good');
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    { name: 'no value', text: '', message: 'line 1:1: the file ends where a value should stand' },
    {
      name: 'an open object',
      text: '{"a": 1',
      message: 'line 1:8: the file ends where "," or "}" should stand',
    },
    { name: 'two values', text: '{}\n{}', message: 'line 2:1: "{" where the end of the file should stand' },
    {
      name: 'a trailing comma',
      text: '{\r\n "a": [1,\r\n ]}',
      message: 'line 2:9: a comma with nothing behind it',
    },
    {
      name: 'a line comment',
      text: '{ // x\n}',
      message: 'line 1:3: "/" where a key in double quotes should stand',
    },
    { name: 'a hash comment', text: '# x\n{}', message: 'line 1:1: "#" where a value should stand' },
    {
      name: 'a block comment',
      text: '{"a": /* x */ 1}',
      message: 'line 1:7: "/" where a value should stand',
    },
    {
      name: 'single quotes',
      text: "{'a': 1}",
      message: 'line 1:2: "\'" where a key in double quotes should stand',
    },
    {
      name: 'typographic quotes',
      text: '{“a”: 1}',
      message: 'line 1:2: "“" where a key in double quotes should stand',
    },
    {
      name: 'a bare key',
      text: '{a: 1}',
      message: 'line 1:2: "a" where a key in double quotes should stand',
    },
    { name: 'a missing colon', text: '{"a" 1}', message: 'line 1:6: "1" where ":" should stand' },
    {
      name: 'a missing comma',
      text: '{"a": 1\n "b": 2}',
      message: 'line 2:2: "\\"" where "," or "}" should stand',
    },
    { name: 'a leading zero', text: '[01]', message: 'line 1:3: "1" where "," or "]" should stand' },
    { name: 'a plus sign', text: '[+1]', message: 'line 1:2: "+" where a value should stand' },
    { name: 'NaN', text: '[NaN]', message: 'line 1:2: "N" where a value should stand' },
    { name: 'a Python truth', text: '[True]', message: 'line 1:2: "T" where a value should stand' },
    {
      name: 'an unclosed string',
      text: '{"a": "b\n}',
      message: 'line 1:9: a string that does not end on its line',
    },
    {
      name: 'a tab in a string',
      text: '["a\tb"]',
      message: 'line 1:4: a string that does not end on its line',
    },
    { name: 'a lone backslash', text: '["C:\\certs"]', message: 'line 1:5: "\\\\c" is no escape' },
    { name: 'a short \\u', text: '["\\u12"]', message: 'line 1:3: "\\\\u" is no escape' },
    { name: 'a duplicate key', text: '{"a": 1,\n"a": 2}', message: 'line 2:1: the key "a" stands twice' },
    {
      name: 'a duplicate key in disguise',
      text: '{"a": 1, "\\u0061": 2}',
      message: 'line 1:10: the key "a" stands twice',
    },
    {
      name: 'a duplicate key inside',
      text: '{"x": [{"a": 1, "a": 1}]}',
      message: 'line 1:17: the key "a" stands twice',
    },
    {
      name: 'a no-break space',
      text: '{\u00a0}',
      message: 'line 1:2: "\u00a0" where a key in double quotes should stand',
    },
    {
      name: 'a vertical tab',
      text: '{\u000b}',
      message: 'line 1:2: "\\u000b" where a key in double quotes should stand',
    },
    {
      name: 'an escape sequence',
      text: '{\u001b[31m}',
      message: 'line 1:2: "\\u001b" where a key in double quotes should stand',
    },
    {
      name: 'a NUL',
      text: '{}\u0000',
      message: 'line 1:3: "\\u0000" where the end of the file should stand',
    },
    {
      name: 'columns count characters',
      text: '{"🐳": x}',
      message: 'line 1:7: "x" where a value should stand',
    },
  ])('refuses $name', ({ text, message }) => {
    expect(() => parseJson(text, 0)).toThrow(
      expect.objectContaining({ code: 'DAEMON_CONFIG_INVALID', message }),
    );
  });

  test('refuses nesting that would exhaust the stack', () => {
    expect(() => parseJson('['.repeat(DEEPEST) + ']'.repeat(DEEPEST), 0)).not.toThrow();
    expect(() => parseJson('['.repeat(200_000), 0)).toThrow('nested deeper than 64 levels');
    expect(() => parseJson('{"a":'.repeat(200_000), 0)).toThrow('nested deeper than 64 levels');
  });

  test('reads a long string in good time', () => {
    const text = JSON.stringify('\\"ab'.repeat(200_000));
    expect(parseJson(text, 0).end).toBe(text.length);
  });

  test('a key may be called as a method of every object is', () => {
    expect(() => parseJson('{"__proto__": 1, "constructor": 2, "toString": 3}', 0)).not.toThrow();
  });
});

function outcome(parse: () => unknown): string {
  try {
    parse();
    return 'good';
  } catch (error) {
    return String(error);
  }
}
