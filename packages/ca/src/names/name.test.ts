import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { codeOf, errorOf } from '../../testing/throws.ts';
import { parseCaName, parseClientName, parseGroupName } from './name.ts';

describe('parseClientName', () => {
  test.each([
    'alice',
    'a',
    'Žofie',
    '会社',
    'ci@jenkins.example.com',
    'build-01_x',
    '7up',
    'x'.repeat(64),
    'नेहा',
  ])('takes %s', (name) => {
    expect(parseClientName(name)).toBe(name);
  });

  test('makes one name of two spellings', () => {
    expect(parseClientName('Zo\u0308e')).toBe('Z\u00f6e');
  });

  test.each([
    { why: 'empty', name: '' },
    { why: 'a path upwards', name: '../x' },
    { why: 'a dot file', name: '.x' },
    { why: 'an option', name: '-rf' },
    { why: 'a slash', name: 'a/b' },
    { why: 'a backslash', name: String.raw`a\b` },
    { why: 'a space', name: 'a b' },
    { why: 'NUL', name: 'a\0b' },
    { why: 'a line break', name: 'a\nb' },
    { why: 'a final line break', name: 'alice\n' },
    { why: 'an escape sequence', name: 'a\u001b[31m' },
    { why: 'a bidi override', name: 'a\u202egnp' },
    { why: 'a zero-width joiner', name: 'a\u200db' },
    { why: 'an invisible letter', name: 'a\u3164' },
    { why: 'half a surrogate pair', name: 'a\ud800' },
    { why: 'an emoji', name: 'a😀' },
    { why: 'a combining mark first', name: '\u0301a' },
    { why: '65 characters', name: 'x'.repeat(65) },
    { why: '300 characters', name: 'x'.repeat(300) },
    { why: 'more than 200 octets', name: '𠀀'.repeat(51) },
    { why: 'a final dot', name: 'alice.' },
    { why: 'a Windows device', name: 'NUL' },
    { why: 'a Windows device with an extension', name: 'com1.txt' },
    { why: 'an equals sign', name: 'CN=alice' },
    { why: 'a comma', name: 'a,b' },
  ])('refuses $why', ({ name }) => {
    expect(codeOf(() => parseClientName(name))).toBe('CA_NAME_INVALID');
  });

  test('counts characters, not UTF-16 units', () => {
    expect(parseClientName('𠀀'.repeat(50))).toHaveLength(100);
  });

  test('says which name, cut and safe to print, and what to do', () => {
    const error = errorOf(() => parseClientName(`\u001b[2J\u202e${'x'.repeat(200)}`));
    expect(error?.message).toMatch(/^client name "\\u001b\[2J\\u\{202e\}x+…": it has \d+ characters$/);
    expect(error?.hint).toContain('use letters, digits');
  });

  test('gives back a name that it takes again, or refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        if (codeOf(() => parseClientName(text)) !== undefined) return;
        const name = parseClientName(text);
        expect(parseClientName(name)).toBe(name);
        expect(name).toMatch(/^[^\s/\\:*?"<>|]+$/);
      }),
    );
  });
});

describe('parseGroupName', () => {
  test('takes what a client may be called', () => {
    expect(parseGroupName('ops')).toBe('ops');
  });

  test.each(['', 'a b', 'x'.repeat(65), 'a\nb'])('refuses %j', (name) => {
    expect(errorOf(() => parseGroupName(name))?.message).toMatch(/^group name /);
  });
});

describe('parseCaName', () => {
  test.each(['docker-mtls CA', 'Bücher & Söhne, 2026 ✓', '会社', 'x'.repeat(64)])('takes %s', (name) => {
    expect(parseCaName(name)).toBe(name);
  });

  test.each([
    '',
    ' ',
    ' x',
    'x ',
    'a\tb',
    'a\nb',
    'a\u202eb',
    'a\u200b',
    '\u00ad',
    'a\u2028b',
    'x'.repeat(65),
  ])('refuses %j', (name) => {
    expect(codeOf(() => parseCaName(name))).toBe('CA_NAME_INVALID');
  });
});
