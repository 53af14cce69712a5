import { quote } from '@docker-mtls/errors';
import { readHosts, readScalar } from './document.ts';
import type { DaemonConfigDocument } from './document.ts';
import { isLoopback, parseListenHost } from './host.ts';
import { IGNORED_KEYS, KNOWN_KEYS, rightSpelling } from './known-keys.ts';

/** What is not ours to change, but what the reader would want to know. */
export function documentWarnings(document: DaemonConfigDocument): readonly string[] {
  const keys = document.root?.members.map(({ key }) => key.value) ?? [];
  return [...keys.flatMap(keyWarning), ...metricsWarning(document), ...tlsWarning(document)];
}

function keyWarning(key: string): readonly string[] {
  const spelling = rightSpelling(key);
  if (spelling !== undefined) {
    return [`the engine does not start with the key ${quote(key)}: it is spelt "${spelling}"`];
  }
  const right = IGNORED_KEYS.get(key);
  if (right === '') return [`the engine ignores the key ${quote(key)}`];
  if (right !== undefined) return [`the engine ignores the key ${quote(key)}: what you mean is ${right}`];
  if (KNOWN_KEYS.has(key)) return [];
  return [
    `the key ${quote(key)} is none that we know: an engine that does not know it either refuses to start`,
  ];
}

/** moby daemon/metrics_unix.go: a plain HTTP server of its own, which no TLS key touches. */
function metricsWarning(document: DaemonConfigDocument): readonly string[] {
  const address = readScalar(document, 'metrics-addr');
  if (typeof address !== 'string' || address === '') return [];
  // Without a host it means every address here, other than in `hosts`.
  const host = parseListenHost(address.startsWith(':') ? `0.0.0.0${address}` : address);
  if (host?.kind === 'tcp' && isLoopback(host.address.host)) return [];
  return [`metrics-addr ${quote(address)} stays open to anyone: it is plain HTTP and knows no certificates`];
}

function tlsWarning(document: DaemonConfigDocument): readonly string[] {
  if (readScalar(document, 'tls') !== true || readScalar(document, 'tlsverify') !== undefined) return [];
  const tcp = readHosts(document).filter((host) => parseListenHost(host)?.kind === 'tcp');
  if (tcp.length === 0) return [];
  return ['"tls": true alone let any client in, without a certificate, on engines before 20.10'];
}
