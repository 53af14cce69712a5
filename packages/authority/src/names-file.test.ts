import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { readNames } from './names-file.ts';
import type { ListedClient } from './names-file.ts';

function read(content: string | Buffer): readonly ListedClient[] {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'people'), content);
  return readNames(path.join(folder, 'people'));
}

describe('a list of names', () => {
  test.each<{ how: string; text: string; names: readonly string[] }>([
    { how: 'one a line', text: 'alice\nbob\n', names: ['alice', 'bob'] },
    { how: 'without a last line feed', text: 'alice\nbob', names: ['alice', 'bob'] },
    { how: 'as Windows writes it', text: '\uFEFFalice\r\nbob\r\n', names: ['alice', 'bob'] },
    { how: 'with comments and empty lines', text: '# all\n\nalice # ops\n \t\n#bob\n', names: ['alice'] },
    { how: 'indented', text: '  alice\n\tbob\n', names: ['alice', 'bob'] },
    { how: 'in another form of its letters', text: 'zoe\u0308\n', names: ['zo\u00eb'] },
  ])('$how', ({ text, names }) => {
    expect(read(text).map(({ name }) => name)).toEqual(names);
  });

  test('has groups behind each name, each of them once, and knows its lines', () => {
    expect(read('# team\nalice dev, ops\tdev\nbob,admins\ncarol\n')).toEqual([
      { line: 2, name: 'alice', groups: ['dev', 'ops'] },
      { line: 3, name: 'bob', groups: ['admins'] },
      { line: 4, name: 'carol', groups: [] },
    ]);
  });

  test.each<{ what: string; text: string | Buffer; says: RegExp }>([
    { what: 'nobody', text: '# nobody yet\n', says: /people contains no names$/ },
    { what: 'a path', text: 'alice\n../x\n', says: /people, line 2: client name "\.\.\/x"/ },
    { what: 'an option', text: '-rf\n', says: /line 1: client name "-rf"/ },
    { what: 'a bad group', text: 'alice dev ../x\n', says: /line 1: group name "\.\.\/x"/ },
    { what: 'a name twice', text: 'alice\nbob\nalice\n', says: /line 3: "alice" stands on line 1 already$/ },
    { what: 'two spellings', text: 'alice\nALICE\n', says: /line 2: "ALICE" differs from "alice" on line 1/ },
    { what: 'bytes that are no text', text: Buffer.from([0x61, 0xff, 0x0a]), says: /is not UTF-8 text$/ },
    { what: 'a NUL', text: 'ali\0ce\n', says: /line 1: client name "ali\\u0000ce"/ },
    {
      what: 'several mistakes',
      text: 'a/b\nbob\nbob\nc/d\n',
      says: /line 1: .*; also wrong: line 3, 4$/,
    },
    {
      what: 'very many mistakes',
      text: '/\n'.repeat(30),
      says: /line 1: .*; also wrong: line 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 19 more$/,
    },
  ])('with $what is refused', ({ text, says }) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        code: 'NAMES_INVALID',
        message: expect.stringMatching(says),
        hint: expect.any(String),
      }),
    );
  });
});
