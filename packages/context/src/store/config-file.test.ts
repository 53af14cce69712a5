import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { currentContext, setCurrentContext } from './config-file.ts';

function folderWith(text: string): string {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'config.json'), text, { mode: 0o640 });
  return folder;
}

function textIn(folder: string): string {
  return fs.readFileSync(path.join(folder, 'config.json'), 'utf8');
}

const TAB = (...members: string[]): string => `{\n\t${members.join(',\n\t')}\n}`;

const EDITS = [
  {
    what: 'an empty file',
    before: '',
    chosen: TAB('"auths": {}', '"currentContext": "prod"'),
    unset: TAB('"auths": {}'),
  },
  { what: 'an empty object', before: '{}', chosen: TAB('"currentContext": "prod"'), unset: '{\n}' },
  {
    what: 'one line',
    before: '{"auths":{},"x":1}',
    chosen: '{"auths":{},"x":1,"currentContext": "prod"}',
    unset: '{"auths":{},"x":1}',
  },
  {
    what: "the CLI's own form, before the fields that it writes behind",
    before: TAB('"auths": {}', '"plugins": {}', '"aliases": {}'),
    chosen: TAB('"auths": {}', '"currentContext": "prod"', '"plugins": {}', '"aliases": {}'),
    unset: TAB('"auths": {}', '"plugins": {}', '"aliases": {}'),
  },
  {
    what: 'another choice',
    before: TAB('"auths": {}', '"currentContext" : "other"', '"x": 1'),
    chosen: TAB('"auths": {}', '"currentContext" : "prod"', '"x": 1'),
    unset: TAB('"auths": {}', '"x": 1'),
  },
  {
    what: 'another choice at the end',
    before: TAB('"x": {"currentContext": "no"}', '"currentContext": "other"'),
    chosen: TAB('"x": {"currentContext": "no"}', '"currentContext": "prod"'),
    unset: TAB('"x": {"currentContext": "no"}'),
  },
  {
    what: 'another choice alone, in another case',
    before: '{ "CurrentContext": "other" }',
    chosen: '{ "CurrentContext": "prod" }',
    unset: '{ }',
  },
  {
    what: 'what would be lost on the way through a parser',
    before:
      '{\r\n  "10": 1,\r\n  "2": 12345678901234567890,\r\n  "s": "a\\u003cb }],{ \\"",\r\n  "l": [1, {"a": "]"}]\r\n}\r\n',
    chosen:
      '{\r\n  "10": 1,\r\n  "2": 12345678901234567890,\r\n  "s": "a\\u003cb }],{ \\"",\r\n  "l": [1, {"a": "]"}],\r\n  "currentContext": "prod"\r\n}\r\n',
    unset:
      '{\r\n  "10": 1,\r\n  "2": 12345678901234567890,\r\n  "s": "a\\u003cb }],{ \\"",\r\n  "l": [1, {"a": "]"}]\r\n}\r\n',
  },
];

describe('config.json', () => {
  test.each(EDITS)(
    '$what: the choice is written and taken back, all else stays',
    ({ before, chosen, unset }) => {
      const folder = folderWith(before);
      setCurrentContext(folder, 'prod');
      expect(textIn(folder)).toBe(chosen);
      expect(currentContext(folder)).toBe('prod');
      setCurrentContext(folder, undefined);
      expect(textIn(folder)).toBe(unset);
      expect(currentContext(folder)).toBeUndefined();
    },
  );

  test('bytes that are no UTF-8 stay, and so does UTF-8', () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'config.json');
    const members = [Buffer.from('{"a":"\u00ff\u00e9","b":"', 'latin1'), Buffer.from('é 会"')];
    fs.writeFileSync(file, Buffer.concat([...members, Buffer.from('}')]));
    setCurrentContext(folder, 'prod');
    expect(fs.readFileSync(file)).toEqual(
      Buffer.concat([...members, Buffer.from(',"currentContext": "prod"}')]),
    );
  });

  test('a string of megabytes stays', () => {
    const member = `"a":"${'x'.repeat(8 * 1024 * 1024)}"`;
    const folder = folderWith(`{${member}}`);
    setCurrentContext(folder, 'prod');
    expect(textIn(folder) === `{${member},"currentContext": "prod"}`).toBe(true);
  });

  test('its mode stays', () => {
    const folder = folderWith('{}');
    setCurrentContext(folder, 'prod');
    expect(fs.statSync(path.join(folder, 'config.json')).mode & 0o777).toBe(0o640);
  });

  test('a new one is private, because logins will come into it', () => {
    const folder = temporaryFolder();
    setCurrentContext(folder, 'prod');
    expect(fs.statSync(path.join(folder, 'config.json')).mode & 0o777).toBe(0o600);
  });

  test.each([true, false])(
    'where it is a link, the link stays and its target is written; target there: %s',
    (isThere) => {
      const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()];
      const target = path.join(elsewhere, 'dotfiles.json');
      if (isThere) fs.writeFileSync(target, '{"x":1}');
      fs.symlinkSync(path.relative(folder, target), path.join(folder, 'config.json'));
      setCurrentContext(folder, 'prod');
      expect(fs.readlinkSync(path.join(folder, 'config.json'))).toBe(path.relative(folder, target));
      expect(JSON.parse(fs.readFileSync(target, 'utf8'))).toMatchObject({ currentContext: 'prod' });
    },
  );

  test.each([
    '[]',
    '"x"',
    'null',
    '{',
    '{"a":1,}',
    '// x\n{}',
    '\uFEFF{}',
    '{"currentContext":1}',
    '{"currentContext":"a","CurrentContext":"b"}',
  ])('%j is refused and left as it is', (text) => {
    const folder = folderWith(text);
    expect(() => currentContext(folder)).toThrow(expect.objectContaining({ code: 'CONTEXT_CONFIG_INVALID' }));
    expect(textIn(folder)).toBe(text);
  });

  test('no file is no choice', () => {
    expect(currentContext(temporaryFolder())).toBeUndefined();
  });
});
