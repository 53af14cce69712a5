import type { Entry } from '@docker-mtls/ca-directory';

export type Address = { readonly host: string; readonly port: number };

const ANY = new Set(['0.0.0.0', '::', '']);

/**
 * Where clients find the engine: at the addresses that it listens on; where it listens on all of them, under its name,
 * and on this machine if it can be here.
 */
export function engineAddresses(
  listens: readonly string[],
  server: Entry,
  { elsewhere = false }: { readonly elsewhere?: boolean } = {},
): readonly Address[] {
  return listens.flatMap((listen) => {
    const { host, port } = splitAddress(listen);
    if (!isAnyAddress(host)) return [{ host, port }];
    return [
      ...(server.name.startsWith('*') ? [] : [{ host: server.name, port }]),
      ...(elsewhere ? [] : [{ host: '127.0.0.1', port }]),
    ];
  });
}

export function isAnyAddress(host: string): boolean {
  return ANY.has(host);
}

export function splitAddress(listen: string): Address {
  const at = listen.lastIndexOf(':');
  return { host: listen.slice(0, at).replaceAll(/[[\]]/g, ''), port: Number(listen.slice(at + 1)) };
}

/** `tcp://NAME:PORT`, as clients reach the engine; none where it listens on all addresses and its name is a wildcard. */
export function engineUrls(listens: readonly string[], server: Entry): readonly string[] {
  const urls = engineAddresses(listens, server, { elsewhere: true }).map(({ host, port }) => {
    const name = server.name.startsWith('*') ? host : server.name;
    return `tcp://${bracketed(name)}:${port}`;
  });
  return [...new Set(urls)];
}

export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
