import type { Entry } from '@docker-mtls/store';

export type Address = { readonly host: string; readonly port: number };

const ANY = new Set(['0.0.0.0', '::', '']);

/**
 * Where the engine is to be found: at the addresses that it listens on; and for "all of them", under its name, and
 * on this machine if it can be here. Only the certificate decides whether it is ours that answers there.
 */
export function engineAddresses(
  listens: readonly string[],
  server: Entry,
  { elsewhere = false }: { readonly elsewhere?: boolean } = {},
): readonly Address[] {
  return listens.flatMap((listen) => {
    const { host, port } = splitAddress(listen);
    if (!ANY.has(host)) return [{ host, port }];
    return [
      ...(server.name.startsWith('*') ? [] : [{ host: server.name, port }]),
      ...(elsewhere ? [] : [{ host: '127.0.0.1', port }]),
    ];
  });
}

function splitAddress(listen: string): Address {
  const at = listen.lastIndexOf(':');
  return { host: listen.slice(0, at).replaceAll(/[[\]]/g, ''), port: Number(listen.slice(at + 1)) };
}
