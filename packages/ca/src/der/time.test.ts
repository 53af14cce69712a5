import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { encode, tagged } from './build.ts';
import { DerError, DerReader } from './read.ts';
import { TAG } from './tag.ts';
import { time, timeValue } from './time.ts';

function read(tag: number, text: string): Date {
  return timeValue(new DerReader(encode(tagged(tag, Buffer.from(text, 'latin1')))).next('test'), 'test');
}

describe('time', () => {
  test.each([
    ['2049-12-31T23:59:59Z', TAG.utcTime, '491231235959Z'],
    ['2050-01-01T00:00:00Z', TAG.generalizedTime, '20500101000000Z'],
    ['1950-01-01T00:00:00Z', TAG.utcTime, '500101000000Z'],
    ['2026-01-01T00:00:00.999Z', TAG.utcTime, '260101000000Z'],
    ['9999-12-31T23:59:59Z', TAG.generalizedTime, '99991231235959Z'],
  ])('writes %s', (iso, tag, text) => {
    expect(encode(time(new Date(iso)))).toEqual(
      Buffer.concat([Buffer.of(tag, text.length), Buffer.from(text)]),
    );
  });

  test.each(['1949-12-31T23:59:59Z', '+010000-01-01T00:00:00Z'])('has none for %s', (iso) => {
    expect(() => time(new Date(iso))).toThrow(RangeError);
  });

  test('reads back what it writes, to the second', () => {
    const range = {
      min: new Date('1950-01-01Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    };
    fc.assert(
      fc.property(fc.date(range), (date) => {
        const element = new DerReader(encode(time(date))).next('test');
        expect(timeValue(element, 'test').getTime()).toBe(Math.floor(date.getTime() / 1000) * 1000);
        expect(element.tag).toBe(date.getUTCFullYear() < 2050 ? TAG.utcTime : TAG.generalizedTime);
      }),
    );
  });
});

describe('timeValue', () => {
  test.each([
    [TAG.utcTime, '490101000000Z', '2049-01-01T00:00:00.000Z'],
    [TAG.utcTime, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [TAG.generalizedTime, '20240229000000Z', '2024-02-29T00:00:00.000Z'],
  ])('reads %i %s', (tag, text, iso) => {
    expect(read(tag, text).toISOString()).toBe(iso);
  });

  test.each([
    [TAG.utcTime, ''],
    [TAG.utcTime, '2601010000Z'],
    [TAG.utcTime, '260101000000'],
    [TAG.utcTime, '260101000000+0000'],
    [TAG.utcTime, '260101000000.5Z'],
    [TAG.utcTime, '260230000000Z'],
    [TAG.utcTime, '260101240000Z'],
    [TAG.utcTime, '260101000060Z'],
    [TAG.utcTime, '260001000000Z'],
    [TAG.utcTime, '20260101000000Z'],
    [TAG.utcTime, ' 60101000000Z'],
    [TAG.generalizedTime, '260101000000Z'],
    [TAG.generalizedTime, '00500101000000Z'],
    [TAG.generalizedTime, '20230229000000Z'],
    [TAG.generalizedTime, '20260101000000.1Z'],
  ])('refuses %i %j', (tag, text) => {
    expect(() => read(tag, text)).toThrow(DerError);
  });
});
