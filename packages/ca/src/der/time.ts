import { tagged } from './build.ts';
import type { Der } from './build.ts';
import { DerError } from './read.ts';
import type { Element } from './read.ts';
import { TAG } from './tag.ts';

/** The last second that GeneralizedTime can say (RFC 5280 4.1.2.5: "no well-defined expiration date"). */
export const LAST_MOMENT: Date = new Date('9999-12-31T23:59:59Z');
const FIRST_MOMENT = new Date('1950-01-01T00:00:00Z');

/** RFC 5280 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050; seconds always, fractions never, always Z. */
export function time(date: Date): Der {
  if (date < FIRST_MOMENT || date > LAST_MOMENT)
    throw new RangeError(`no certificate time for ${String(date)}`);
  const digits = date.toISOString().slice(0, 19).replaceAll(/[-T:]/g, '');
  return isUtcTimeYear(date)
    ? tagged(TAG.utcTime, Buffer.from(`${digits.slice(2)}Z`))
    : tagged(TAG.generalizedTime, Buffer.from(`${digits}Z`));
}

export function isUtcTimeYear(date: Date): boolean {
  const year = date.getUTCFullYear();
  return year >= 1950 && year < 2050;
}

export function timeValue(element: Element, what: string): Date {
  const date = new Date(isoText(element, what));
  // A 31st of February would otherwise be taken for some day in March.
  if (
    Number.isNaN(date.getTime()) ||
    date.toISOString().slice(0, 19) !== isoText(element, what).slice(0, 19)
  ) {
    throw new DerError(`${what}: no such moment`);
  }
  return date;
}

function isoText(element: Element, what: string): string {
  const text = element.content.toString('latin1');
  const full = element.tag === TAG.utcTime ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full);
  if (parts === null) throw new DerError(`${what}: not a time in Zulu with seconds`);
  const [, year, month, day, hour, minute, second] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}
