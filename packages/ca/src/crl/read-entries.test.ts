import { expect, test } from '@jest/globals';
import { elements } from '../der/read.ts';
import { readEntries, readEntry } from './read-entries.ts';

/** Entries of the usual form, and some of another one. */
const CONTENT = Buffer.from(
  [
    // 5a01, without a reason
    '3013 02025a01 170d3236303130313030303030305a',
    // 00ff, with one
    '3021 020200ff 170d3236303130313030303030305a 300c300a0603551d1504030a0101',
    // A GeneralizedTime
    '3015 02025a02 180f32303630303130313030303030305a',
    // An invalidity date beside the reason
    '303b 02025a03 170d3236303130323030303030305a 3026300a0603551d1504030a01053018 0603551d18 0411180f32303235303130313030303030305a',
  ]
    .join('')
    .replaceAll(' ', ''),
  'hex',
);

/** What comes of reading: the entries, or what is wrong. */
function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return String(error);
  }
}

function oneByOne(content: Buffer): unknown {
  return elements(content, 'revoked certificate').map(readEntry);
}

test('entries of the usual form are read as all others', () => {
  expect([...readEntries(CONTENT)]).toEqual(oneByOne(CONTENT));
  expect([...readEntries(CONTENT)].map(({ serial, reason }) => [serial, reason])).toEqual([
    ['5a01', undefined],
    ['ff', 'keyCompromise'],
    ['5a02', undefined],
    ['5a03', 'cessationOfOperation'],
  ]);
});

const OCTETS = [0x00, 0x01, 0x02, 0x0d, 0x13, 0x17, 0x18, 0x30, 0x7f, 0x80, 0xff];

test.each([...CONTENT].map((_, place) => place))('whatever octet %i is, both ways to read agree', (place) => {
  const outcomes = OCTETS.map((octet) => {
    const changed = Buffer.from(CONTENT);
    changed[place] = octet;
    return [outcome(() => [...readEntries(changed)]), outcome(() => oneByOne(changed))];
  });
  // Two errors may differ: element by element, a list that is cut is found out before its first entry is read.
  const ofEntries = outcomes.filter((both) => both.some((each) => typeof each !== 'string'));
  expect(ofEntries.map(([read]) => read)).toEqual(ofEntries.map(([, slowly]) => slowly));
});

test.each([...CONTENT].map((_, place) => place).slice(1))('a list that ends after octet %i', (length) => {
  const cut = CONTENT.subarray(0, length);
  const isWhole = typeof outcome(() => oneByOne(cut)) !== 'string';
  expect(typeof outcome(() => [...readEntries(cut)]) !== 'string').toBe(isWhole);
});
