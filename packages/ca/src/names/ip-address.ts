// Node's `isIP` would do for the checks, but `node:net` takes longer to load than most commands take to work.

/** The octets of an IPv4 or IPv6 address, 4 or 16 of them; `undefined` for other text (a zone, as in `%eth0`, is none). */
export function ipOctets(text: string): Buffer | undefined {
  const octets = text.includes(':') ? ipv6Octets(text) : ipv4Octets(text);
  return octets && Buffer.from(octets);
}

export function isIpv6(text: string): boolean {
  return ipOctets(text)?.length === 16;
}

/** The one way to write the address: dotted quad, or RFC 5952. `undefined` when there are neither 4 nor 16 octets. */
export function ipText(octets: Buffer): string | undefined {
  if (octets.length === 4) return octets.join('.');
  return octets.length === 16 ? ipv6Text(octets) : undefined;
}

/** The canonical text of an IPv4 or IPv6 address, or `undefined` when it is none. */
export function canonicalIp(text: string): string | undefined {
  const octets = ipOctets(text);
  return octets && ipText(octets);
}

type Octets = readonly number[];

function ipv4Octets(text: string): Octets | undefined {
  const parts = text.split('.');
  // A leading zero means octal to some.
  const isGood = parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part));
  const octets = parts.map(Number);
  return isGood && octets.every((octet) => octet <= 255) ? octets : undefined;
}

/** RFC 4291 section 2.2. */
function ipv6Octets(text: string): Octets | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (tail === undefined) return ofLength(16, groups(head, true));
  const before = groups(head, false);
  const after = groups(tail, true);
  if (before === undefined || after === undefined || more.length > 0) return undefined;
  const gap = 16 - before.length - after.length;
  // `::` stands for one group at least.
  return gap < 2 ? undefined : [...before, ...Array.from({ length: gap }, () => 0), ...after];
}

function ofLength(length: number, octets: Octets | undefined): Octets | undefined {
  return octets?.length === length ? octets : undefined;
}

/** Groups between colons, of which the last may be an IPv4 address. */
function groups(text: string, mayEndInIpv4: boolean): Octets | undefined {
  const octets: number[] = [];
  const parts = text === '' ? [] : text.split(':');
  for (const [index, part] of parts.entries()) {
    const group = mayEndInIpv4 && index === parts.length - 1 ? lastGroup(part) : hexGroup(part);
    if (group === undefined) return undefined;
    octets.push(...group);
  }
  return octets;
}

function lastGroup(part: string): Octets | undefined {
  return part.includes('.') ? ipv4Octets(part) : hexGroup(part);
}

function hexGroup(part: string): Octets | undefined {
  if (!/^[0-9a-f]{1,4}$/i.test(part)) return undefined;
  const value = parseInt(part, 16);
  return [value >> 8, value & 0xff];
}

const MAPPED_IPV4 = '00000000000000000000ffff';

/** Is it an IPv4 address in the form of an IPv6 one (RFC 4291 section 2.5.5.2), such as `::ffff:10.0.0.5`? */
export function isMappedIpv4(text: string): boolean {
  const octets = ipOctets(text);
  return octets?.length === 16 && octets.toString('hex', 0, 12) === MAPPED_IPV4;
}

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
