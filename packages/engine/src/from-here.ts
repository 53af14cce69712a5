const ANY: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** How this machine reaches what it serves on this address: all of its addresses have the loopback one among them. */
export function fromHere(host: string): string {
  return ANY[host] ?? host;
}
