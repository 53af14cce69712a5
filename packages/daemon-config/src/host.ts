import { quote } from '@docker-mtls/errors';
import { isIP } from 'node:net';
import { DaemonConfigError } from './error.ts';

/** An address that the engine listens on, as its `hosts` and `-H` have it. */
export type ListenHost = { readonly kind: 'local' } | { readonly kind: 'tcp'; readonly address: TcpAddress };
export type TcpAddress = { readonly host: string; readonly port: number };

/** moby opts.DefaultHTTPPort: what a host without a port gets, with TLS and without. */
const DEFAULT_PORT = 2375;
/** moby opts.DefaultTLSHost: what an empty host means with TLS on. */
const DEFAULT_TLS_ADDRESS: TcpAddress = { host: 'localhost', port: 2376 };
const LOCAL_PROTOCOLS: readonly string[] = ['unix', 'fd', 'npipe'];
const WILDCARDS: readonly string[] = ['0.0.0.0', '::'];

/**
 * Reads one host as moby's opts.ParseHost does with TLS on: no protocol means tcp, no address localhost, no port or an empty one 2375;
 * only an empty host means 2376. `undefined`: the engine refuses it.
 */
export function parseListenHost(text: string): ListenHost | undefined {
  if (text.trim() === '') return { kind: 'tcp', address: DEFAULT_TLS_ADDRESS };
  const [, protocol = 'tcp', rest = ''] = /^(?:([a-z]*):\/\/)?(.*)$/s.exec(text.trim()) ?? [];
  if (LOCAL_PROTOCOLS.includes(protocol)) return { kind: 'local' };
  if (protocol !== 'tcp') return undefined;
  const address = parseAddress(rest, { host: 'localhost', port: DEFAULT_PORT });
  return address === undefined || address.port === 0 ? undefined : { kind: 'tcp', address };
}

/** Reads `--listen`: `HOST:PORT`, an IPv6 host in brackets. Throws `DAEMON_CONFIG_LISTEN_INVALID`. */
export function parseListen(text: string): TcpAddress {
  const address = parseAddress(text, { host: '', port: 0 });
  if (address !== undefined && isPlainHost(address.host) && address.port !== 0) return address;
  throw new DaemonConfigError('DAEMON_CONFIG_LISTEN_INVALID', `${quote(text)} is no address to listen on`, {
    hint: 'write HOST:PORT, for example 0.0.0.0:2376, 10.0.0.5:2376 or [::]:2376',
  });
}

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** 224.0.0.0 and above: no address of one machine (RFC 5771), as is none that starts with ff in IPv6. */
const FIRST_FOR_MANY = 224;

/** An address of one machine, or a name that nobody could read as another way to write one: 127.1 and 0x7f.1 are such ways. */
function isPlainHost(host: string): boolean {
  if (isIP(host) === 4) return Number.parseInt(host, 10) < FIRST_FOR_MANY;
  if (isIP(host) === 6) return !/^(?:::ffff:|ff)/.test(host);
  const labels = host.split('.');
  const isNumber = /^(?:0x[0-9a-f]*|\d+)$/.test(labels.at(-1) ?? '');
  return host.length <= 253 && labels.every((label) => LABEL.test(label)) && !isNumber;
}

export function formatTcpHost({ host, port }: TcpAddress): string {
  return `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Would the second of the two fail to bind with "address already in use"? */
export function overlap(a: TcpAddress, b: TcpAddress): boolean {
  if (a.port !== b.port) return false;
  return a.host === b.host || isAll(a.host) || isAll(b.host);
}

export function sameAddress(a: TcpAddress, b: TcpAddress): boolean {
  return a.port === b.port && a.host === b.host;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Go opens both of them for IPv4 and IPv6 alike (favoriteAddrFamily in its package net). */
function isAll(host: string): boolean {
  return WILDCARDS.includes(host);
}

function parseAddress(text: string, fallback: TcpAddress): TcpAddress | undefined {
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]*))(?::([0-9]{0,5}))?$/.exec(text);
  if (found === null) return undefined;
  const [, ipv6, name, portText] = found;
  if (ipv6 !== undefined && isIP(ipv6) !== 6) return undefined;
  if (name !== undefined && /^[0-9.]+$/.test(name) && isIP(name) !== 4) return undefined;
  const port = portText === undefined || portText === '' ? fallback.port : Number(portText);
  if (port > 65535) return undefined;
  return { host: canonicalHost(ipv6 ?? name ?? '') || fallback.host, port };
}

/** One spelling per address, so that two spellings of one are seen to be the same. */
function canonicalHost(host: string): string {
  if (isIP(host) !== 6) return host.toLowerCase();
  return new URL(`http://[${host}]`).hostname.slice(1, -1);
}
