import { domainToASCII, domainToUnicode } from 'node:url';

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const LONGEST_NAME = 253;
// WHATWG URL, "ends in a number": what a resolver or a browser would take for an IPv4 address.
const NUMERIC_LABEL = /^(?:\d+|0x[0-9a-f]*)$/;
const NON_ASCII = /[^\0-\x7f]/;
const STRANGE_ASCII = /[\0-,/:-@[-`{-\x7f]/;

/** A name, or the reason why it is none. */
export type DnsName = { readonly name: string } | { readonly problem: string };

/**
 * A host's name as certificates hold it: lower case, internationalised labels as A-labels (RFC 5890), RFC 1123
 * syntax, no final dot. With `wildcard`, the leftmost label may be `*`.
 */
export function parseDnsName(text: string, { wildcard }: { readonly wildcard: boolean }): DnsName {
  if (!text.startsWith('*.')) return parseHostName(text);
  if (!wildcard) return { problem: 'it is a wildcard' };
  const base = parseHostName(text.slice(2));
  if ('problem' in base) return base;
  // OpenSSL, and all that use it, match no name against a wildcard that is this wide.
  if (!base.name.includes('.')) return { problem: 'a wildcard needs at least two labels after it' };
  return base.name.length + 2 > LONGEST_NAME ? { problem: 'it is too long' } : { name: `*.${base.name}` };
}

function parseHostName(text: string): DnsName {
  const name = toAscii(text);
  if (name === '') return { problem: 'it is not a host name' };
  if (name.length > LONGEST_NAME) return { problem: `it has more than ${LONGEST_NAME} characters` };
  if (name.endsWith('.')) return { problem: 'it ends with a dot' };
  const labels = name.split('.');
  const bad = labels.find((label) => !LABEL.test(label));
  if (bad !== undefined) return { problem: labelProblem(bad) };
  if (NUMERIC_LABEL.test(labels.at(-1) ?? ''))
    return { problem: 'its last part is a number, as in an IPv4 address' };
  return { name };
}

// `domainToASCII` also decodes %41, drops tabs and makes 127.0.0.1 of 0x7f.1. So only names that have no odd ASCII go
// through it, and of the plain ones those with an A-label, which must be what its U-label gives (RFC 5891 section 5.4).
function toAscii(text: string): string {
  const lower = text.toLowerCase();
  const isPlain = !NON_ASCII.test(lower) && !/(?:^|\.)xn--/.test(lower);
  if (isPlain || STRANGE_ASCII.test(lower)) return lower;
  const name = domainToASCII(lower);
  return isFromUnicode(name) ? name : '';
}

/** Node 24 and later return an A-label that cannot be decoded as it is, and earlier ones one that is plain ASCII. */
function isFromUnicode(name: string): boolean {
  const unicode = domainToUnicode(name);
  return !/(?:^|\.)xn--/.test(unicode) && domainToASCII(unicode) === name;
}

function labelProblem(label: string): string {
  if (label === '') return 'it has an empty label';
  if (label.length > 63) return 'it has a label of more than 63 characters';
  if (label.includes('_')) return 'host names have no underscore';
  if (label.includes('*')) return 'a wildcard may only be its whole first label';
  return 'it holds a character that host names do not have';
}
