import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { codeOf, errorOf } from '../../testing/throws.ts';
import { formatSubjectAltName, parseSubjectAltName, uniqueSubjectAltNames } from './subject-alt-name.ts';

const LABEL_63 = 'a'.repeat(63);
const NAME_253 = [LABEL_63, LABEL_63, LABEL_63, 'a'.repeat(61)].join('.');

describe('parseSubjectAltName', () => {
  test.each([
    ['node1.example.com', 'DNS:node1.example.com'],
    ['Node1.Example.COM', 'DNS:node1.example.com'],
    ['localhost', 'DNS:localhost'],
    ['DNS:node1', 'DNS:node1'],
    ['dns:node1', 'DNS:node1'],
    ['bücher.example', 'DNS:xn--bcher-kva.example'],
    ['BÜCHER。example', 'DNS:xn--bcher-kva.example'],
    ['xn--bcher-kva.example', 'DNS:xn--bcher-kva.example'],
    ['faß.example', 'DNS:xn--fa-hia.example'],
    ['例え.テスト', 'DNS:xn--r8jz45g.xn--zckzah'],
    ['ip172-18-0-5.direct.labs.play-with-docker.com', 'DNS:ip172-18-0-5.direct.labs.play-with-docker.com'],
    ['1a.2b', 'DNS:1a.2b'],
    [NAME_253, `DNS:${NAME_253}`],
    ['10.0.0.5', 'IP:10.0.0.5'],
    ['IP:10.0.0.5', 'IP:10.0.0.5'],
    ['0.0.0.0', 'IP:0.0.0.0'],
    ['::1', 'IP:::1'],
    ['IP:::', 'IP:::'],
    ['2001:0DB8:0:0:0:0:0:1', 'IP:2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', 'IP:2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', 'IP:2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', 'IP:2001:db8::1:0:0:1'],
    ['1:2:3:4:5:6:7::', 'IP:1:2:3:4:5:6:7:0'],
    ['64:ff9b::10.0.0.5', 'IP:64:ff9b::a00:5'],
    ['fe80::1', 'IP:fe80::1'],
  ])('reads %s as %s', (text, expected) => {
    expect(formatSubjectAltName(parseSubjectAltName(text))).toBe(expected);
  });

  test.each(['::ffff:10.0.0.5', 'IP:::FFFF:a00:5', '0:0:0:0:0:ffff:10.0.0.5'])(
    'refuses %s, and says which address it is',
    (text) => {
      const error = errorOf(() => parseSubjectAltName(text));
      expect(error?.message).toContain('it is an IPv4 address in the form of an IPv6 one');
      expect(error?.hint).toBe('write 10.0.0.5, which is the same address');
    },
  );

  test.each([
    { why: 'empty', text: '' },
    { why: 'an empty prefix', text: 'DNS:' },
    { why: 'a final dot', text: 'node1.example.com.' },
    { why: 'an empty label', text: 'a..b' },
    { why: 'a first dot', text: '.a' },
    { why: 'an underscore', text: 'my_host' },
    { why: 'a first hyphen', text: '-a.b' },
    { why: 'a last hyphen', text: 'a-.b' },
    { why: 'a space', text: 'a b' },
    { why: 'a line break', text: 'a\nb' },
    { why: 'a final line break', text: 'localhost\n' },
    { why: 'a tab inside, which URLs drop', text: 'local\thost' },
    { why: 'NUL', text: 'a\0.example.com' },
    { why: 'percent encoding, which URLs decode', text: 'a%2eexample.com' },
    { why: 'percent encoding beside other letters', text: 'ü%2eexample.com' },
    { why: 'a tab beside other letters', text: 'ü\texample.com' },
    { why: 'a soft hyphen alone', text: '\u00ad' },
    { why: 'a user', text: 'user@host' },
    { why: 'a port', text: 'node1:2376' },
    { why: 'a URL', text: 'tcp://node1:2376' },
    { why: 'a path', text: 'node1/x' },
    { why: 'a full-width slash', text: 'node1／x' },
    { why: 'a label of 64 characters', text: `${LABEL_63}a.example` },
    { why: 'a name of 254 characters', text: `${NAME_253}a` },
    { why: 'a false A-label', text: 'xn--a.example' },
    { why: 'an A-label of plain ASCII', text: 'xn--abc-.example' },
    { why: 'an unassigned character', text: 'a\u{e0080}.example' },
    { why: 'two numbers', text: '1.2' },
    { why: 'a hexadecimal address', text: '0x7f.1' },
    { why: 'a hexadecimal last label', text: 'a.0x1f' },
    { why: 'one number', text: '2130706433' },
    { why: 'full-width digits of an address', text: '１２７.0.0.1' },
    { why: 'an octet of 256', text: '256.1.1.1' },
    { why: 'a leading zero', text: '010.0.0.5' },
    { why: 'three octets', text: '10.0.5' },
    { why: 'five octets', text: '10.0.0.0.5' },
    { why: 'a network', text: '10.0.0.0/8' },
    { why: 'an address called DNS', text: 'DNS:10.0.0.5' },
    { why: 'an IPv6 address called DNS', text: 'DNS:::1' },
    { why: 'a name called IP', text: 'IP:node1' },
    { why: 'a zone', text: 'fe80::1%eth0' },
    { why: 'a zone behind IP:', text: 'IP:fe80::1%1' },
    { why: 'brackets', text: '[::1]' },
    { why: 'nine groups', text: '1:2:3:4:5:6:7:8:9' },
    { why: 'two gaps', text: '1::2::3' },
    { why: 'a wildcard', text: '*.example.com' },
    { why: 'another kind of name', text: 'URI:https://a' },
    { why: 'a mail address', text: 'email:a@b.c' },
    { why: 'an option', text: '--san' },
  ])('refuses $why', ({ text }) => {
    const error = errorOf(() => parseSubjectAltName(text));
    expect(error?.code).toBe('CA_SAN_INVALID');
    expect(error?.hint).toBeTruthy();
  });

  test.each([
    ['*.example.com', 'DNS:*.example.com'],
    ['DNS:*.Bücher.example', 'DNS:*.xn--bcher-kva.example'],
  ])('takes the wildcard %s where it is allowed', (text, expected) => {
    expect(formatSubjectAltName(parseSubjectAltName(text, { wildcard: true }))).toBe(expected);
  });

  test.each([
    '*',
    '*.',
    '*.com',
    'a.*.com',
    '**.example.com',
    'a*.example.com',
    '*.*.com',
    '*.1.2',
    '*.10.0.0.5',
  ])('refuses the wildcard %s even then', (text) => {
    expect(codeOf(() => parseSubjectAltName(text, { wildcard: true }))).toBe('CA_SAN_INVALID');
  });

  test('says what to do about a wildcard', () => {
    expect(errorOf(() => parseSubjectAltName('*.example.com'))?.hint).toContain('--allow-wildcard');
    expect(errorOf(() => parseSubjectAltName('*.com', { wildcard: true }))?.hint).not.toContain('pass');
  });

  test('says what to write for a name with a final dot', () => {
    expect(errorOf(() => parseSubjectAltName('node1.'))?.hint).toBe('write "node1"');
    expect(errorOf(() => parseSubjectAltName('10.0.0.5,node1'))?.hint).toContain(
      'one name or address at a time',
    );
    expect(errorOf(() => parseSubjectAltName('10.0.0.5/24'))?.hint).toBe('give one address, not a network');
    expect(errorOf(() => parseSubjectAltName('10.0.0.256'))?.hint).toContain('up to 255');
  });

  test('gives back what it reads the same way again, or refuses', () => {
    const piece = fc.constantFrom(
      'a',
      '1',
      '.',
      '-',
      ':',
      '*',
      '%',
      '0x',
      'ü',
      '例',
      '。',
      'xn--',
      '/',
      '[',
      '\t',
      'DNS:',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (text) => {
          if (codeOf(() => parseSubjectAltName(text, { wildcard: true })) !== undefined) return;
          const name = parseSubjectAltName(text, { wildcard: true });
          expect(parseSubjectAltName(name.value, { wildcard: true })).toEqual(name);
          expect(name.value).toMatch(/^[a-z0-9.:*-]+$/);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

test('uniqueSubjectAltNames keeps the first of each', () => {
  const names = ['b.example', '::1', 'B.example', '0:0::1', 'a.example'].map((text) =>
    parseSubjectAltName(text),
  );
  expect(uniqueSubjectAltNames(names).map(formatSubjectAltName)).toEqual([
    'DNS:b.example',
    'IP:::1',
    'DNS:a.example',
  ]);
});
