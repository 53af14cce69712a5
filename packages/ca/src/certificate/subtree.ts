import { DerError, DerReader } from '../der/read.ts';
import type { Element } from '../der/read.ts';
import { TAG, contextTag } from '../der/tag.ts';
import { ipOctets } from '../names/ip-address.ts';
import type { GeneralName } from './extensions.ts';

/** A name as constraints compare it: its host in lower case, or its octets. */
export type ConstrainedName =
  | { readonly kind: 'dns' | 'uri'; readonly host: string }
  | { readonly kind: 'email'; readonly local: string; readonly host: string }
  | { readonly kind: 'ip'; readonly octets: Buffer };

/** Names that lie together (RFC 5280 section 4.2.1.10). Without `local` an email is one of every mailbox of its host. */
export type Subtree =
  | { readonly kind: 'dns' | 'uri'; readonly host: string }
  | { readonly kind: 'email'; readonly local: string | undefined; readonly host: string }
  | { readonly kind: 'ip'; readonly octets: Buffer; readonly mask: Buffer };

/** `other`: a kind that Go's crypto/x509 knows nothing of. `unreadable`: one that it cannot take apart. */
export type Unknown = 'other' | 'unreadable';

const WHAT = 'nameConstraints';
const KINDS: Readonly<Record<number, 'dns' | 'email' | 'ip' | 'uri' | undefined>> = {
  [contextTag(1)]: 'email',
  [contextTag(2)]: 'dns',
  [contextTag(6)]: 'uri',
  [contextTag(7)]: 'ip',
};
// RFC 5321 section 4.5.3.1: a local part of 64 octets, `@` and a domain of 255.
const LONGEST_MAILBOX = 320;
const LONGEST_URI = 2048;

/** One GeneralSubtree. `minimum` and `maximum` are passed over, as Go does. Throws `DerError` only. */
export function readSubtree({ tag, content }: Element): Subtree | Unknown {
  if (tag !== TAG.sequence) throw new DerError(`${WHAT}: not a subtree`);
  const base = new DerReader(content).next(WHAT);
  const kind = KINDS[base.tag];
  if (kind === undefined) return 'other';
  return (
    (kind === 'ip' ? network(base.content) : named(kind, base.content.toString('latin1'))) ?? 'unreadable'
  );
}

/** A name of a certificate as constraints look at it. */
export function constrainedName({ kind, value }: GeneralName): ConstrainedName | Unknown {
  if (kind === 'dns') return isDomain(value) ? { kind, host: value.toLowerCase() } : 'unreadable';
  if (kind === 'ip') return address(value) ?? 'unreadable';
  const [prefix] = /^(?:email|IP|URI):/.exec(value) ?? [];
  const text = value.slice(prefix?.length);
  if (prefix === 'email:') return mailbox(text) ?? 'unreadable';
  if (prefix === 'URI:') return uri(text) ?? 'unreadable';
  return prefix === undefined ? 'other' : 'unreadable';
}

/**
 * Where releases of Go differ, the narrower reading: a host of a mailbox or a URI stands for itself alone, and only
 * behind a dot for the hosts below it.
 */
export function isPermittedBy(name: ConstrainedName, subtree: Subtree): boolean {
  if (name.kind === 'ip') return isInNetwork(name, subtree);
  if (subtree.kind !== name.kind || !isMailboxOf(name, subtree)) return false;
  const isOne = name.kind !== 'dns' && subtree.host !== '' && !subtree.host.startsWith('.');
  return isOne ? name.host === subtree.host : isBelow(name.host, subtree.host);
}

/** The wider reading, for the same reason: hosts below are meant too, and so is a wildcard that could be the one excluded. */
export function isExcludedBy(name: ConstrainedName, subtree: Subtree): boolean {
  if (name.kind === 'ip') return isInNetwork(name, subtree);
  if (subtree.kind !== name.kind || !isMailboxOf(name, subtree)) return false;
  return isBelow(name.host, subtree.host) || isWildcardOf(name.host, subtree.host);
}

function isInNetwork({ octets }: { readonly octets: Buffer }, subtree: Subtree): boolean {
  if (subtree.kind !== 'ip' || subtree.octets.length !== octets.length) return false;
  const { octets: base, mask } = subtree;
  return octets.every((octet, index) => ((octet ^ (base[index] ?? 0)) & (mask[index] ?? 0)) === 0);
}

function isMailboxOf(name: ConstrainedName, subtree: Subtree): boolean {
  if (name.kind !== 'email' || subtree.kind !== 'email' || subtree.local === undefined) return true;
  return name.local === subtree.local && name.host === subtree.host;
}

/** The empty host is above all. */
function isBelow(host: string, above: string): boolean {
  if (above === '' || host === above) return true;
  return host.endsWith(above.startsWith('.') ? above : `.${above}`);
}

function isWildcardOf(pattern: string, host: string): boolean {
  return pattern.startsWith('*') && host.includes('.') && afterFirstLabel(pattern) === afterFirstLabel(host);
}

function afterFirstLabel(host: string): string {
  return host.slice(host.indexOf('.'));
}

function network(content: Buffer): Subtree | undefined {
  const half = content.length / 2;
  if (half !== 4 && half !== 16) return undefined;
  const mask = content.subarray(half);
  return isMask(mask) ? { kind: 'ip', octets: content.subarray(0, half), mask } : undefined;
}

/** Ones, and then zeros. */
function isMask(mask: Buffer): boolean {
  const bits = [...mask].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits);
}

function named(kind: 'dns' | 'email' | 'uri', text: string): Subtree | undefined {
  if (kind === 'email' && text.includes('@')) return mailbox(text);
  if (!isDomain(text.replace(/^\./, '')) || text === '.') return undefined;
  const host = text.toLowerCase();
  if (kind === 'email') return { kind, local: undefined, host };
  return kind === 'uri' && ipOctets(text) !== undefined ? undefined : { kind, host };
}

function address(text: string): ConstrainedName | undefined {
  const octets = ipOctets(text);
  return octets && { kind: 'ip', octets };
}

/** Printable labels, none of them empty; the empty name is one. */
function isDomain(text: string): boolean {
  return text === '' || (!/[^!-~]/.test(text) && !text.split('.').includes(''));
}

// RFC 2821 section 4.1.2, Mailbox. Go also takes a backslash outside of quotes.
const QUOTED = /^"((?:[^"\\\0\t\n\r]|\\[^\0\n\r])*)"@(.*)$/s;
const ATOMS = /^((?:[\w!#$%&'*+\-/=?^`{|}~.]|\\[^])+)@(.*)$/s;
const NON_ASCII = /[^\0-\x7f]/;

function mailbox(text: string): { kind: 'email'; local: string; host: string } | undefined {
  if (text.length > LONGEST_MAILBOX || NON_ASCII.test(text)) return undefined;
  const atoms = ATOMS.exec(text);
  const [, escaped, host = ''] = atoms ?? QUOTED.exec(text) ?? [];
  const local = escaped?.replaceAll(/\\([^])/g, '$1');
  if (local === undefined || !isDomain(host)) return undefined;
  if (atoms !== null && local.split('.').includes('')) return undefined;
  return { kind: 'email', local, host: host.toLowerCase() };
}

// RFC 3986 section 3.2, with a host that is a name: only such a one can be held against a constraint.
const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#@:[\]%]+)(?::\d*)?(?:[/?#]|$)/i;

function uri(text: string): ConstrainedName | undefined {
  const [, host] = (text.length > LONGEST_URI ? null : AUTHORITY.exec(text)) ?? [];
  if (host === undefined || !isDomain(host) || ipOctets(host) !== undefined) return undefined;
  return { kind: 'uri', host: host.toLowerCase() };
}
