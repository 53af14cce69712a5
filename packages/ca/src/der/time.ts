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
  const [years, ...rest] = fieldsOf(date).map((field) => String(field).padStart(2, '0'));
  const digits = `${years}${rest.join('')}Z`;
  return isUtcTimeYear(date)
    ? tagged(TAG.utcTime, Buffer.from(digits.slice(2), 'latin1'))
    : tagged(TAG.generalizedTime, Buffer.from(digits, 'latin1'));
}

export function isUtcTimeYear(date: Date): boolean {
  const year = date.getUTCFullYear();
  return year >= 1950 && year < 2050;
}

const TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

export function timeValue({ tag, content }: Element, what: string): Date {
  const text = content.toString('latin1');
  const century = tag !== TAG.utcTime ? '' : text < '5' ? '20' : '19';
  const [, ...digits] = TIME.exec(century + text) ?? [];
  const fields = digits.map(Number);
  const [year = Number.NaN, month = 0, day, hour, minute, second] = fields;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // A 31st of February would otherwise pass for some day in March.
  const isReal = fields.length === 6 && fieldsOf(date).every((field, index) => field === fields[index]);
  if (!isReal) throw new DerError(`${what}: not a moment, in Zulu and with seconds`);
  return date;
}

function fieldsOf(date: Date): number[] {
  return [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ];
}
