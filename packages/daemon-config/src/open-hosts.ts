import { readHosts, readScalar } from './document.ts';
import type { DaemonConfigDocument } from './document.ts';

/** What an engine's command line says of what it opens: see `readEngineCommand`. */
type Flags = { readonly hosts: readonly string[]; readonly tls: boolean };

/** Its usual local socket, wherever that is. */
const LOCAL: readonly string[] = [];
const DEFAULT_TLS = ['tcp://localhost:2376'];

/**
 * The hosts that an engine opens: those that its file and its command line list. Where neither lists any, TLS moves it
 * from the local socket to a port of this machine (moby opts.ParseHost). Several lists, the likeliest first, where it
 * depends on the engine: "tlsverify" in the file turns TLS on in time for this in 20.10, and too late in 26.1 and 28.5.
 */
export function openHosts(document: DaemonConfigDocument, flags: Flags): readonly (readonly string[])[] {
  const listed = [...readHosts(document), ...flags.hosts];
  if (listed.length > 0) return [listed];
  if (flags.tls || readScalar(document, 'tls') === true) return [DEFAULT_TLS];
  return readScalar(document, 'tlsverify') === undefined ? [LOCAL] : [LOCAL, DEFAULT_TLS];
}
