import fs from 'node:fs';
import path from 'node:path';
import type { Io } from '../io/io.ts';

// `env` runs in every new shell: the dates are looked up in the bytes, and the certificate is parsed only where they are
// not of today.

/** SEQUENCE of two UTCTimes (RFC 5280 section 4.1.2.5), as every certificate has them that ends before 2050. */
const VALIDITY = Buffer.from('301e170d', 'hex');
const TIME_LENGTH = 13;
/** The dates come early in a certificate. */
const BEGINNING = 4096;

/** Warns where the certificate in a client's folder has ended, or has not begun. What else is wrong, docker says. */
export async function warnOfDates(folder: string, io: Io): Promise<void> {
  const file = path.join(folder, 'cert.pem');
  const pem = beginningOf(file);
  if (pem === undefined || isOfToday(pem, io.now())) return;
  const { datesProblem } = await import('../commands/code/ca.ts');
  const problem = datesProblem(file, io.now());
  if (problem !== undefined) io.note(`warning: ${problem}`);
}

/** Undefined for what is no file; a pipe in its place keeps nobody waiting. */
function beginningOf(file: string): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
    if (!fs.fstatSync(descriptor).isFile()) return undefined;
    const bytes = Buffer.allocUnsafe(BEGINNING);
    return bytes.subarray(0, fs.readSync(descriptor, bytes));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/** False also where the dates are not found. */
function isOfToday(pem: Buffer, now: Date): boolean {
  const [, text = ''] = /-----BEGIN CERTIFICATE-----([^-]*)/.exec(pem.toString('latin1')) ?? [];
  const der = Buffer.from(text, 'base64');
  const at = der.indexOf(VALIDITY) + VALIDITY.length;
  if (at < VALIDITY.length) return false;
  const end = at + TIME_LENGTH + 2;
  const today = utcTime(now);
  return textAt(der, at) <= today && today <= textAt(der, end);
}

function textAt(der: Buffer, at: number): string {
  return century(der.toString('latin1', at, at + TIME_LENGTH));
}

/** RFC 5280 section 4.1.2.5.1: years from 50 on are of the 20th century. */
function century(time: string): string {
  return `${time < '50' ? '20' : '19'}${time}`;
}

/** As a UTCTime is written, with its century: texts in the order of time. */
function utcTime(date: Date): string {
  return `${date.toISOString().slice(0, 19).replaceAll(/[-T:]/g, '')}Z`;
}
