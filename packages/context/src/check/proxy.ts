import { isIP } from 'node:net';

type Environment = Readonly<Record<string, string | undefined>>;

/** An engine as a URL names it; its port is what a rule of NO_PROXY may name. */
export type ProxiedHost = { readonly name: string; readonly port: number; readonly tls: boolean };

/** What is wrong with a variable: its name alone, because its value may hold a password. */
export type ProxyUse = { readonly variable: string };

/**
 * The variable by which Go's net/http, and so the Docker CLI, would send a connection to this engine through a proxy.
 * golang.org/x/net/http/httpproxy: HTTPS_PROXY for TLS, loopback is never proxied, NO_PROXY lists exceptions.
 */
export function proxyFor(host: ProxiedHost, env: Environment): ProxyUse | undefined {
  const used = either(env, host.tls ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (used === undefined || isLoopback(host.name)) return undefined;
  const noProxy = either(env, 'NO_PROXY');
  const rules = (noProxy === undefined ? '' : (env[noProxy.variable] ?? '')).split(',');
  return rules.some((rule) => covers(rule.trim().toLowerCase(), host)) ? undefined : used;
}

/**
 * ALL_PROXY where it stops the Docker CLI: up to 28.5, docker/go-connections sockets.DialerFromEnvironment fails for
 * all but a SOCKS5 URL, whatever NO_PROXY says, and the CLI ends with that error or crashes. A SOCKS5 URL has no effect.
 */
export function unusableAllProxy(env: Environment): ProxyUse | undefined {
  const used = either(env, 'ALL_PROXY');
  if (used === undefined) return undefined;
  return /^socks5h?:\/\/[^\s]+$/i.test(env[used.variable] ?? '') ? undefined : used;
}

function either(env: Environment, name: string): ProxyUse | undefined {
  const variable = [name, name.toLowerCase()].find((each) => (env[each] ?? '') !== '');
  return variable === undefined ? undefined : { variable };
}

/** An IPv4 address within IPv6 is its IPv4 address, as Go's net.IP has it. */
function plain(name: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(name) ?? [];
  return mapped ?? name.toLowerCase();
}

function isLoopback(name: string): boolean {
  const host = plain(name);
  return host === 'localhost' || isInNetwork(host, '127.0.0.0/8') || isInNetwork(host, '::1/128');
}

/** `*`, `10.0.0.0/8`, `10.0.0.5`, `.example.com` (what is below), `example.com` (and what is below), each with a port or not. */
function covers(rule: string, { name, port }: ProxiedHost): boolean {
  const host = plain(name);
  if (rule === '') return false;
  if (rule === '*') return true;
  if (rule.includes('/')) return isInNetwork(host, rule);
  if (isIP(rule) !== 0) return isSameAddress(host, rule);
  const [, text = '', rulePort] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(rule) ?? [];
  if (rulePort !== undefined && Number(rulePort) !== port) return false;
  const bare = text.replaceAll(/[[\]]/g, '');
  return isIP(bare) === 0 ? isNameOrBelow(host, bare) : isSameAddress(host, bare);
}

function isNameOrBelow(host: string, rule: string): boolean {
  // Go compares names as they are; up to Go 1.21, an address counted as a name here, which is of no use to anybody.
  if (rule === '' || isIP(host) !== 0) return false;
  const suffix = rule.replace(/^\*?\.?/, '.');
  return host.endsWith(suffix) || (!/^\*?\./.test(rule) && host === rule);
}

function isSameAddress(host: string, address: string): boolean {
  const same = plain(address);
  return isIP(same) !== 0 && isInNetwork(host, `${same}/${isIP(same) === 4 ? 32 : 128}`);
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
