import { encode, implicitSequence, raw, sequence, tagged } from '../src/der/build.ts';
import type { Der } from '../src/der/build.ts';
import { contextConstructedTag, contextTag } from '../src/der/tag.ts';
import { time } from '../src/der/time.ts';
import { readCertificate } from '../src/certificate/certificate.ts';
import type { Certificate } from '../src/certificate/certificate.ts';
import { encodeName } from '../src/certificate/distinguished-name.ts';
import { caConstraints, extension, keyUsage } from '../src/certificate/extensions.ts';
import { ipOctets } from '../src/names/ip-address.ts';
import { sharedKey } from './fixtures.ts';
import { CLIENT_USE, LATER, SIGNATURE_USE, oddCertificate } from './odd-certificate.ts';

/** A CA by its rules, such as `+DNS:example.com` for a permitted and `-IP:10.0.0.0/8` for an excluded subtree. */
export type ConstrainedCa = {
  readonly name?: string;
  readonly rules: readonly string[];
  readonly critical?: boolean;
  readonly validity?: readonly [Date, Date];
};

const TAGS: Readonly<Record<string, number>> = { email: 1, DNS: 2, URI: 6, IP: 7 };
const DIRECTORY_NAME = contextConstructedTag(4);
const WHOLE_2026 = [new Date('2026-01-01T00:00:00Z'), LATER] as const;

export function constrainedCa(order: ConstrainedCa): Certificate {
  const { name = 'Test CA', rules, critical = false, validity = WHOLE_2026 } = order;
  const constraints = extension('nameConstraints', nameConstraints(rules), critical);
  return made(name, name, validity, [caConstraints(), keyUsage(['keyCertSign']), constraints]);
}

/** A client of such a CA, with names such as `DNS:db.example.com`. */
export function namedClient(names: readonly string[], order: Omit<ConstrainedCa, 'rules'> = {}): Certificate {
  const { name = 'Test CA', validity = WHOLE_2026 } = order;
  const sans = extension('subjectAltName', sequence(...names.map(generalName)));
  return made('alice', name, validity, [SIGNATURE_USE, CLIENT_USE, ...(names.length === 0 ? [] : [sans])]);
}

function made(
  subject: string,
  issuer: string,
  [from, to]: readonly [Date, Date],
  extensions: readonly Der[],
): Certificate {
  const names = { subject: encodeName(subject), issuer: encodeName(issuer) };
  const dates = { notBefore: time(from), notAfter: time(to) };
  return readCertificate(oddCertificate({ ...names, ...dates, extensions, signer: sharedKey('ec-p256') }));
}

/** The extension's value; a rule that says `dir` is of a directoryName. */
export function nameConstraints(rules: readonly string[]): Der {
  const list = (sign: string): Der[] =>
    rules.filter((rule) => rule.startsWith(sign)).map((rule) => sequence(generalName(rule.slice(1))));
  const [permitted, excluded] = [list('+'), list('-')];
  return sequence(
    permitted.length === 0 ? undefined : implicitSequence(0, ...permitted),
    excluded.length === 0 ? undefined : implicitSequence(1, ...excluded),
  );
}

function generalName(text: string): Der {
  const [, kind = '', value = ''] = /^(\w+):?(.*)$/s.exec(text) ?? [];
  if (kind === 'dir') return tagged(DIRECTORY_NAME, encode(raw(encodeName('alice'))));
  const tag = contextTag(TAGS[kind] ?? 0);
  return tagged(tag, kind === 'IP' ? addressOctets(value) : Buffer.from(value, 'latin1'));
}

/** `10.0.0.5`, `10.0.0.0/8`, or octets in hexadecimal behind `x`. */
function addressOctets(text: string): Buffer {
  if (text.startsWith('x')) return Buffer.from(text.slice(1), 'hex');
  const [address = '', prefix] = text.split('/');
  const octets = ipOctets(address) ?? Buffer.alloc(0);
  return prefix === undefined ? octets : Buffer.concat([octets, maskOf(octets.length, Number(prefix))]);
}

function maskOf(length: number, ones: number): Buffer {
  const bits = '1'.repeat(ones).padEnd(length * 8, '0');
  return Buffer.from(bits.match(/.{8}/g)?.map((octet) => Number.parseInt(octet, 2)) ?? []);
}
