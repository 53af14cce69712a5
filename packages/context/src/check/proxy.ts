import { isIP } from 'node:net';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that Go's net/http, and so the Docker CLI, would send a connection to this engine through; `undefined` for
 * none. golang.org/x/net/http/httpproxy: HTTPS_PROXY for TLS, loopback is never proxied, NO_PROXY lists exceptions.
 */
export function proxyFor(url: URL, env: Environment, { tls }: { readonly tls: boolean }): string | undefined {
  const name = tls ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = either(env, name);
  if (proxy === undefined || isLoopback(hostOf(url))) return undefined;
  const exceptions = (either(env, 'NO_PROXY') ?? '').split(',').map((text) => text.trim().toLowerCase());
  return exceptions.some((exception) => covers(exception, url)) ? undefined : proxy;
}

function either(env: Environment, name: string): string | undefined {
  return [env[name], env[name.toLowerCase()]].find((value) => value !== undefined && value !== '');
}

function hostOf({ hostname }: URL): string {
  return hostname.replaceAll(/[[\]]/g, '').toLowerCase();
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** `*`, `10.0.0.0/8`, `10.0.0.5`, `.example.com` (what is below), `example.com` (and what is below), each with a port or not. */
function covers(exception: string, url: URL): boolean {
  if (exception === '') return false;
  if (exception === '*') return true;
  if (exception.includes('/')) return isInNetwork(hostOf(url), exception);
  if (isIP(exception) !== 0)
    return isInNetwork(hostOf(url), `${exception}/${isIP(exception) === 4 ? 32 : 128}`);
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(exception) ?? [];
  if (port !== undefined && port !== url.port) return false;
  return isNameOrBelow(hostOf(url), name.replaceAll(/[[\]]/g, ''));
}

function isNameOrBelow(host: string, name: string): boolean {
  const suffix = name.replace(/^\*?\.?/, '.');
  if (isIP(host) !== 0) return host === name;
  return host.endsWith(suffix) || (!/^\*?\./.test(name) && host === name);
}

function isInNetwork(host: string, network: string): boolean {
  const [address = '', prefix = ''] = network.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(prefix)) return false;
  if (Number(prefix) > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  // Loaded here: few commands look for a proxy.
  const { BlockList } = process.getBuiltinModule('node:net');
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), type);
  return list.check(host, type);
}
