import { isIPv4, isIPv6 } from 'node:net';

/** Octets of a checked IPv4 or IPv6 text: 4 or 16 of them. */
export function ipOctets(text: string): Buffer {
  return isIPv4(text) ? ipv4Octets(text) : ipv6Octets(text);
}

/** The one way to write the address: dotted quad, or RFC 5952. `undefined` when there are neither 4 nor 16 octets. */
export function ipText(octets: Buffer): string | undefined {
  if (octets.length === 4) return octets.join('.');
  return octets.length === 16 ? ipv6Text(octets) : undefined;
}

/** The canonical text of an IPv4 or IPv6 address, or `undefined` when it is none (a zone, such as `%eth0`, is none). */
export function canonicalIp(text: string): string | undefined {
  // Most texts are names, and Node's pattern for IPv6 is large: its first use takes milliseconds.
  const isAddress = isIPv4(text) || (text.includes(':') && !text.includes('%') && isIPv6(text));
  return isAddress ? ipText(ipOctets(text)) : undefined;
}

function ipv4Octets(text: string): Buffer {
  return Buffer.from(text.split('.').map(Number));
}

function ipv6Octets(text: string): Buffer {
  const [head = '', tail] = text.split('::');
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const gap: number[] = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return Buffer.from([...before, ...gap, ...after].flatMap((group) => [group >> 8, group & 0xff]));
}

function groups(text: string): number[] {
  if (text === '') return [];
  return text
    .split(':')
    .flatMap((group) => (group.includes('.') ? ipv4Groups(group) : [parseInt(group, 16)]));
}

function ipv4Groups(text: string): number[] {
  const octets = ipv4Octets(text);
  return [octets.readUInt16BE(0), octets.readUInt16BE(2)];
}

const MAPPED_IPV4 = '00000000000000000000ffff';

function ipv6Text(octets: Buffer): string {
  // RFC 5952 section 5: a known IPv4 part is written as one.
  if (octets.toString('hex', 0, 12) === MAPPED_IPV4) return `::ffff:${octets.subarray(12).join('.')}`;
  const words = Array.from({ length: 8 }, (_, index) => octets.readUInt16BE(index * 2).toString(16));
  const { start, length } = longestZeroRun(words);
  // RFC 5952 section 4.2.2: a single zero group is not shortened.
  if (length < 2) return words.join(':');
  return `${words.slice(0, start).join(':')}::${words.slice(start + length).join(':')}`;
}

function longestZeroRun(words: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let length = 0;
  for (const [index, word] of words.entries()) {
    length = word === '0' ? length + 1 : 0;
    if (length > best.length) best = { start: index - length + 1, length };
  }
  return best;
}
