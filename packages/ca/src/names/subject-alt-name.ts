import { quote } from '@docker-mtls/errors';
import { CaError } from '../error.ts';
import { parseDnsName } from './dns-name.ts';
import { canonicalIp, isMappedIpv4 } from './ip-address.ts';

/** A name or address that a certificate speaks for, in its one canonical spelling. */
export type SubjectAltName =
  { readonly kind: 'dns'; readonly value: string } | { readonly kind: 'ip'; readonly value: string };

export type SubjectAltNameOptions = { readonly wildcard?: boolean };

const PREFIXED = /^(DNS|IP):(.*)$/is;

/**
 * `node1.example.com`, `bücher.example`, `10.0.0.5`, `2001:db8::1`, or the same behind `DNS:` or `IP:`.
 * Wildcards only with `wildcard`. `CA_SAN_INVALID`.
 */
export function parseSubjectAltName(
  text: string,
  { wildcard = false }: SubjectAltNameOptions = {},
): SubjectAltName {
  const [, prefix, rest = text] = PREFIXED.exec(text) ?? [];
  const address = canonicalIp(rest);
  const kind = prefix?.toLowerCase() ?? (address === undefined ? 'dns' : 'ip');
  if (kind === 'dns') return { kind, value: dnsName(rest, text, wildcard) };
  if (address === undefined) throw refusal(text, 'it is not an IPv4 or IPv6 address', addressHint(rest));
  if (isMappedIpv4(address)) throw mapped(text, address);
  return { kind: 'ip', value: address };
}

export function formatSubjectAltName(name: SubjectAltName): string {
  return `${name.kind === 'dns' ? 'DNS' : 'IP'}:${name.value}`;
}

/** The same names, each once, in the order of their first appearance. */
export function uniqueSubjectAltNames(names: readonly SubjectAltName[]): SubjectAltName[] {
  return [...new Map(names.map((name) => [formatSubjectAltName(name), name])).values()];
}

function dnsName(value: string, text: string, wildcard: boolean): string {
  const parsed = parseDnsName(value, { wildcard });
  if ('name' in parsed) return parsed.name;
  throw refusal(text, parsed.problem, dnsHint(value, wildcard));
}

function dnsHint(value: string, wildcard: boolean): string {
  if (value.startsWith('*.') && !wildcard)
    return 'pass --allow-wildcard if one certificate really is to stand for every host there';
  if (/[,;\s]/.test(value)) return 'give one name or address at a time, each with an option of its own';
  if (/^[\d./]+$/.test(value)) return addressHint(value);
  if (/:.*%/.test(value)) return 'omit the zone of an IPv6 address';
  if (value.includes('/')) return 'give the host alone: no tcp:// before it and no path after it';
  if (/^\[.*\]/.test(value)) return 'write an IPv6 address without brackets';
  if (value.includes(':'))
    return 'give the host alone, without a port; IPv6 addresses have at most eight groups';
  if (value.endsWith('.')) return `write ${quote(value.slice(0, -1))}`;
  return 'give a host name such as node1.example.com, or an IP address';
}

function addressHint(value: string): string {
  if (value.includes('%')) return 'omit the zone (%…): it means nothing on another machine';
  if (value.includes('/')) return 'give one address, not a network';
  return 'give an address such as 10.0.0.5 or 2001:db8::5; the numbers of the first go up to 255, without leading zeros';
}

/** RFC 5280 section 4.2.1.6: IPv4 has four octets. An engine 28.5 reads no certificate where one has sixteen. */
function mapped(text: string, address: string): CaError {
  const hint = `write ${address.slice(address.lastIndexOf(':') + 1)}, which is the same address`;
  return refusal(text, 'it is an IPv4 address in the form of an IPv6 one', hint);
}

function refusal(text: string, reason: string, hint: string): CaError {
  return new CaError('CA_SAN_INVALID', `${quote(text)} cannot go into a certificate: ${reason}`, { hint });
}
