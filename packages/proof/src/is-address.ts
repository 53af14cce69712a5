import net from 'node:net';

/**
 * Is it an IPv4 or IPv6 address? What has no colon is no IPv6 address: V8 needs 3 ms for Node's pattern of those, and as
 * long again at its second use, which `node --cpu-prof` shows as `isIPv6`.
 */
export function isAddress(text: string): boolean {
  return text.includes(':') ? net.isIPv6(text) : net.isIPv4(text);
}
