import { quote } from '@docker-mtls/errors';

/** One encapsulated object (RFC 7468), with the headers of RFC 1421 where it has some. */
export type PemBlock = {
  readonly label: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly der: Buffer;
};

const LINE = 64;

export function toPem(label: string, der: Buffer): string {
  const base64 = der.toString('base64');
  let lines = '';
  for (let start = 0; start < base64.length; start += LINE) lines += `${base64.slice(start, start + LINE)}\n`;
  return `-----BEGIN ${label}-----\n${lines}-----END ${label}-----\n`;
}

/**
 * Every block that Go's encoding/pem finds, in order: Docker and the engine read their files with it. A block that it
 * drops is dropped here too; `pemFaults` says why.
 */
export function parsePem(pem: string | Buffer): PemBlock[] {
  return scan(asText(pem)).flatMap((found) => ('fault' in found ? [] : [found.block]));
}

/** Why blocks of this text were dropped, in order. The words quote labels alone, never a body. */
export function pemFaults(pem: string | Buffer): string[] {
  const text = asText(pem);
  return scan(text).flatMap((found) =>
    'fault' in found ? [`line ${lineOf(text, found.start)}: ${found.fault}`] : [],
  );
}

export function asText(bytes: string | Buffer): string {
  return typeof bytes === 'string' ? bytes : bytes.toString('latin1');
}

export function asBuffer(bytes: string | Buffer): Buffer {
  return typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
}

export function lineOf(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

const BEGIN = '-----BEGIN ';
const END = '\n-----END ';
const DASHES = '-----';

type Found =
  | { readonly block: PemBlock; readonly next: number }
  | { readonly fault: string; readonly start: number; readonly next: number };

function scan(text: string): Found[] {
  const found: Found[] = [];
  let start = nextBegin(text, 0);
  let end = -1;
  while (start !== -1) {
    // Sought again only when passed: a file of nothing but BEGIN lines would take the square of its length.
    if (end < start) end = indexOrEnd(text, END, start);
    const each = readBlock(text, start, end);
    found.push(each);
    start = nextBegin(text, each.next);
  }
  return found;
}

function indexOrEnd(text: string, part: string, from: number): number {
  const index = text.indexOf(part, from);
  return index === -1 ? text.length : index;
}

/** The next line that starts with BEGIN; `from` is the start of a line. */
function nextBegin(text: string, from: number): number {
  if (text.startsWith(BEGIN, from)) return from;
  const before = text.indexOf(`\n${BEGIN}`, from);
  return before === -1 ? -1 : before + 1;
}

/** `end` is the line feed before the first END line, or the end of the text. */
function readBlock(text: string, start: number, end: number): Found {
  const first = readLine(text, start);
  const label = first.line.slice(BEGIN.length, -DASHES.length);
  const headers = readHeaders(text, first.next);
  const body = headers.next;
  const refuse = (fault: string): Found => ({ fault, start, next: body });
  if (!first.line.slice(BEGIN.length).endsWith(DASHES))
    return { fault: 'the BEGIN line does not end in five dashes', start, next: first.next };
  // Go 1.26 pairs an END line with the last BEGIN before it, wherever in its line that stands; earlier releases do not.
  if (label.includes(BEGIN) || headers.isMisleading)
    return refuse('a BEGIN or END line inside of the headers');
  if (end === text.length) return refuse('the block has no END line');
  // Without headers the END line may follow at once, and its line feed is then the one of the BEGIN line.
  const isEmpty = end === body - 1;
  if (end < body && !(isEmpty && headers.map.size === 0))
    return refuse('the END line follows a header at once');
  const fault = endFault(readLine(text, end + 1).line, label);
  if (fault !== undefined) return refuse(fault);
  const der = decodeBase64(text, body, Math.max(body, end));
  if (typeof der === 'string') return refuse(der);
  return { block: { label, headers: headers.map, der }, next: readLine(text, end + 1).next };
}

type Line = { readonly line: string; readonly next: number };

/** A line without its end: LF or CRLF, then blanks and tabs. A CR at the end of the text belongs to the line. */
function readLine(text: string, start: number): Line {
  const feed = indexOrEnd(text, '\n', start);
  if (feed === text.length) return { line: trimEnd(text.slice(start)), next: text.length };
  const end = feed > start && text[feed - 1] === '\r' ? feed - 1 : feed;
  return { line: trimEnd(text.slice(start, end)), next: feed + 1 };
}

function trimEnd(line: string): string {
  let length = line.length;
  while (length > 0 && (line[length - 1] === ' ' || line[length - 1] === '\t')) length -= 1;
  return line.slice(0, length);
}

type Headers = {
  readonly map: ReadonlyMap<string, string>;
  readonly isMisleading: boolean;
  readonly next: number;
};

/** Each line with a colon, up to the first without one. */
function readHeaders(text: string, start: number): Headers {
  const map = new Map<string, string>();
  let isMisleading = false;
  let next = start;
  for (;;) {
    const line = readLine(text, next);
    const colon = line.line.indexOf(':');
    if (colon === -1) return { map, isMisleading, next };
    isMisleading ||= line.line.includes(BEGIN) || line.line.startsWith(END.trimStart());
    map.set(trim(line.line.slice(0, colon)), trim(line.line.slice(colon + 1)));
    next = line.next;
  }
}

function trim(octets: string): string {
  return Buffer.from(octets, 'latin1').toString().trim();
}

/** The label again, five dashes, and nothing but blanks after them. */
function endFault(line: string, label: string): string | undefined {
  const rest = line.slice(END.length - 1);
  if (rest === `${label}${DASHES}`) return undefined;
  if (rest.startsWith(`${label}${DASHES}`)) return "there is text after the END line's five dashes";
  if (rest.startsWith(label)) return 'the END line does not end in five dashes';
  return `the block begins as ${quote(label)} and ends otherwise`;
}

/** The octets, or what is wrong with the text. Blanks, tabs and line ends count for nothing; spare bits may be set. */
function decodeBase64(text: string, start: number, end: number): Buffer | string {
  if (indexOrEnd(text, '-', start) < end) return 'a dash among the lines of base64';
  // Most files have line feeds alone, and a string is found several times as fast as a pattern.
  const joined = text.slice(start, end).replaceAll('\n', '');
  const compact = /[ \t\r]/.test(joined) ? joined.replaceAll(/[ \t\r]/g, '') : joined;
  const der = Buffer.from(compact, 'base64');
  if (isEncoded(der, compact)) return der;
  // One stray character is looked for, because a pattern for the whole needs a stack as deep as a file is long.
  const stray = /[^A-Za-z0-9+/]/.exec(compact.replace(/={1,2}$/, ''))?.[0];
  if (stray !== undefined && stray !== '=') return 'a character that is not base64 among its lines';
  if (stray === '=' || compact.length % 4 !== 0) return 'base64 that is cut short or badly padded';
  return der;
}

/** Is this text what the octets are in base64, but for spare bits? Of a long list, a pattern takes several times as long to say so. */
function isEncoded(der: Buffer, base64: string): boolean {
  const last = Math.max(0, base64.length - 4);
  return (
    base64.length % 4 === 0 &&
    /^(?:[A-Za-z0-9+/]{2}(?:==|[A-Za-z0-9+/][A-Za-z0-9+/=]))?$/.test(base64.slice(last)) &&
    der.toString('base64', 0, (last / 4) * 3) === base64.slice(0, last)
  );
}
