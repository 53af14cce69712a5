import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { encode, integer, integerOf, oid, sequence, tagged } from './build.ts';
import { OIDS } from './oid.ts';
import type { OidName } from './oid.ts';
import {
  DerError,
  DerReader,
  booleanValue,
  elements,
  integerContent,
  namedBits,
  oidValue,
  readOnly,
  smallNumber,
  wholeOctets,
} from './read.ts';
import type { Element } from './read.ts';
import { TAG } from './tag.ts';

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}

function element(text: string): Element {
  return new DerReader(hex(text)).next('test');
}

function failureOf(bytes: Buffer): unknown {
  try {
    elements(bytes, 'test');
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('DerReader', () => {
  test.each([
    { why: 'nothing', bytes: '' },
    { why: 'a tag alone', bytes: '30' },
    { why: 'content cut short', bytes: '3002 00' },
    { why: 'a length cut short', bytes: '3082 01' },
    { why: 'an indefinite length', bytes: '3080 0000' },
    { why: 'a long length where a short one would do', bytes: '308101 00' },
    { why: 'a length with leading zeros', bytes: `30820080 ${'00'.repeat(128)}` },
    { why: 'a length of five octets', bytes: '308501 00000000' },
    { why: 'a length near 2^32', bytes: '3084ffffffff 00' },
    { why: 'the reserved length', bytes: '30ff 00' },
    { why: 'a tag of several octets', bytes: '3f8101 00' },
  ])('refuses $why', ({ bytes }) => {
    expect(() => element(bytes)).toThrow(DerError);
  });

  test('refuses what follows', () => {
    expect(() => readOnly(hex('0500 00'), TAG.null, 'test')).toThrow('test: data after its end');
  });

  test('refuses another tag, and says which', () => {
    expect(() => readOnly(hex('0500'), TAG.integer, 'serial number')).toThrow(
      'serial number: tag 0x5 where 0x2 belongs',
    );
  });

  test('reads what was encoded, of every length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70_000 }), (bytes) => {
        const content = Buffer.from(bytes);
        const der = encode(sequence(tagged(TAG.octetString, content), integerOf(1)));
        const inside = new DerReader(readOnly(der, TAG.sequence, 'test').content);
        expect(inside.read(TAG.octetString, 'test').content.equals(content)).toBe(true);
        expect(smallNumber(inside.read(TAG.integer, 'test'), 'test')).toBe(1);
        inside.finish('test');
      }),
      { numRuns: 30 },
    );
  });

  test('throws a DerError alone, whatever it reads', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        expect(failureOf(Buffer.from(bytes)) ?? new DerError('none')).toBeInstanceOf(DerError);
      }),
    );
  });
});

describe('values', () => {
  test.each(['0200', '02020001', '0202ff80'])('%s is not an integer', (bytes) => {
    expect(() => integerContent(element(bytes), 'test')).toThrow(DerError);
  });

  test.each([
    ['020100', 0],
    ['02017f', 127],
    ['02020080', 128],
    ['02047fffffff', 0x7fffffff],
  ])('%s is %i', (bytes, value) => {
    expect(smallNumber(element(bytes), 'test')).toBe(value);
  });

  test.each(['0201ff', '02050080000000'])('%s is no small number', (bytes) => {
    expect(() => smallNumber(element(bytes), 'test')).toThrow('out of range');
  });

  test.each(['0100', '010101', '01020000'])('%s is not a boolean', (bytes) => {
    expect(() => booleanValue(element(bytes), 'test')).toThrow(DerError);
  });

  test.each(['0300', '030101', '03020101'])('%s is not whole octets', (bytes) => {
    expect(() => wholeOctets(element(bytes), 'test')).toThrow(DerError);
  });

  test.each([
    ['03020780', [0], true],
    ['03020106', [5, 6], true],
    ['03020006', [5, 6], false],
    ['0303070080', [8], true],
    ['030100', [], true],
  ])('%s has the bits %j', (bytes, bits, minimal) => {
    expect(namedBits(element(bytes), 'test')).toEqual({ bits, minimal });
  });

  test.each(['0300', '03020880', '030101', '03020781'])('%s is not a list of bits', (bytes) => {
    expect(() => namedBits(element(bytes), 'test')).toThrow(DerError);
  });

  test.each(Object.keys(OIDS) as OidName[])('%s is read by its name', (name) => {
    expect(oidValue(new DerReader(encode(oid(name))).next('test'), 'test')).toBe(name);
  });

  test.each([
    ['06032a0304', '1.2.3.4'],
    ['060100', '0.0'],
    ['06012a', '1.2'],
    ['06028837', '2.999'],
    ['060a2affffffffffffffff7f', '1.2.9223372036854775807'],
  ])('%s is %s', (bytes, dotted) => {
    expect(oidValue(element(bytes), 'test')).toBe(dotted);
  });

  test.each(['0600', '060280 01', '06022a80', `0641${'2a'.repeat(65)}`])(
    '%s is not an object identifier',
    (bytes) => {
      expect(() => oidValue(element(bytes), 'test')).toThrow(DerError);
    },
  );
});

test('integer writes a number in its shortest form, never negative', () => {
  expect(
    ['00', '0000', '7f', '80', '0080', '00007f'].map((text) => encode(integer(hex(text))).toString('hex')),
  ).toEqual(['020100', '020100', '02017f', '02020080', '02020080', '02017f']);
});
