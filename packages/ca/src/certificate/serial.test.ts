import { expect, test } from '@jest/globals';
import { parseSerial } from './serial.ts';

test.each([
  ['4F', '4f'],
  ['0x4f00', '4f00'],
  ['4F:0A:ff', '4f0aff'],
  ['4f 0a ff', '4f0aff'],
  ['00:FF:01', 'ff01'],
  ['1ab', '01ab'],
  ['000001', '01'],
  [' 4f0a\n', '4f0a'],
  ['f'.repeat(40), 'f'.repeat(40)],
  [`00${'f'.repeat(40)}`, 'f'.repeat(40)],
])('reads the serial number %j as %s', (text, serial) => {
  expect(parseSerial(text)).toBe(serial);
});

test.each([
  '',
  '0',
  '00:00',
  '0x',
  ':4f',
  '4f:',
  '4f::0a',
  '4g',
  '-4f',
  'alice',
  'f'.repeat(41),
  '4f\u00a00a',
])('takes %j for no serial number', (text) => {
  expect(parseSerial(text)).toBeUndefined();
});

test('is not slowed down by a long text', () => {
  expect(parseSerial(`${'f'.repeat(200_000)}!`)).toBeUndefined();
});
