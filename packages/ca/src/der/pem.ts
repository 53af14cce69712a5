import { DerError } from './read.ts';

/** One encapsulated object (RFC 7468). */
export type PemBlock = { readonly label: string; readonly der: Buffer };

const LINE = 64;

export function toPem(label: string, der: Buffer): string {
  const base64 = der.toString('base64');
  let lines = '';
  for (let start = 0; start < base64.length; start += LINE) lines += `${base64.slice(start, start + LINE)}\n`;
  return `-----BEGIN ${label}-----\n${lines}-----END ${label}-----\n`;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n([^-]*)-----END ([A-Z0-9 ]+)-----/g;

/** Every object in the text, in order. Text around them is a comment, as RFC 7468 section 2 allows. */
export function parsePem(text: string): PemBlock[] {
  const blocks = [...text.matchAll(BLOCK)].map(([, label = '', body = '', end]) => {
    if (end !== label) throw new DerError(`a PEM block that begins as ${label} and ends as ${String(end)}`);
    return { label, der: decodeBase64(body, label) };
  });
  // One that lost its first or last line must not pass for a comment.
  const isWhole = ['-----BEGIN ', '-----END '].every((line) => text.split(line).length - 1 === blocks.length);
  if (!isWhole) throw new DerError('a PEM block is damaged');
  return blocks;
}

/** PEM or DER? A file of text that holds no PEM block is read as DER, and refused there. */
export function isPem(bytes: string | Buffer): boolean {
  return bytes.includes('-----BEGIN ');
}

export function asText(bytes: string | Buffer): string {
  return typeof bytes === 'string' ? bytes : bytes.toString('latin1');
}

export function asBuffer(bytes: string | Buffer): Buffer {
  return typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
}

function decodeBase64(body: string, label: string): Buffer {
  const compact = body.replaceAll(/[ \t\r\n]/g, '');
  // One stray character is looked for, because a pattern for the whole needs a stack as deep as a file is long.
  const isBase64 = compact.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(compact.replace(/={1,2}$/, ''));
  if (!isBase64) throw new DerError(`${label}: not base64`);
  return Buffer.from(compact, 'base64');
}
