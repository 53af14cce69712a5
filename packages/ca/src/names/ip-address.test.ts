import net from 'node:net';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { canonicalIp, ipOctets, ipText, isIpv6 } from './ip-address.ts';

describe('an address', () => {
  test.each([
    ['10.0.0.5', '10.0.0.5'],
    ['255.255.255.255', '255.255.255.255'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:DB8:0:0:8:800:200C:417A', '2001:db8::8:800:200c:417a'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
  ])('%s is written %s', (text, canonical) => {
    expect(canonicalIp(text)).toBe(canonical);
  });

  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.04',
    '1.2.3.4 ',
    '1.2.3.-4',
    '0x1.2.3.4',
    '1..2.3',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '1::2::3',
    ':1',
    '1:',
    '12345::',
    'g::',
    '::1%eth0',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '::1.2.3',
    '1:2:3:4:5:6:7:1.2.3.4',
    '::1\n',
  ])('is not %j', (text) => {
    expect(ipOctets(text)).toBeUndefined();
  });

  const piece = fc.constantFrom(
    '0',
    '00',
    '1',
    '10',
    '255',
    '256',
    'a',
    'ffff',
    'fffff',
    'G',
    ' ',
    '.',
    ':',
    '::',
  );
  const almost = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''));

  test('is what Node takes for one', () => {
    const anything = fc.oneof(almost, fc.ipV4(), fc.ipV6(), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(anything, (text) => {
        expect(ipOctets(text)?.length).toBe({ 0: undefined, 4: 4, 6: 16 }[net.isIP(text)]);
        expect(isIpv6(text)).toBe(net.isIP(text) === 6);
      }),
      { numRuns: 5000 },
    );
  });

  test('comes back from its canonical text, as the octets that it is', () => {
    const octet = fc.oneof(fc.constantFrom(0, 0, 0, 1, 255), fc.nat(255));
    const octets = fc
      .constantFrom(4, 16)
      .chain((length) => fc.array(octet, { minLength: length, maxLength: length }));
    fc.assert(
      fc.property(octets, (numbers) => {
        const bytes = Buffer.from(numbers);
        expect(ipOctets(ipText(bytes) ?? '')).toEqual(bytes);
      }),
    );
  });
});

test('a text needs 4 or 16 octets', () => {
  expect(ipText(Buffer.alloc(5))).toBeUndefined();
});
