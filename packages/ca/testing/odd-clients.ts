import {
  bitString,
  encode,
  explicit,
  implicit,
  integerOf,
  nullValue,
  octetString,
  oid,
  sequence,
  set,
  tagged,
} from '../src/der/build.ts';
import type { Der } from '../src/der/build.ts';
import type { OidName } from '../src/der/oid.ts';
import { TAG, contextConstructedTag, contextTag } from '../src/der/tag.ts';
import { time } from '../src/der/time.ts';
import { readCertificate } from '../src/certificate/certificate.ts';
import type { Certificate } from '../src/certificate/certificate.ts';
import { encodeName } from '../src/certificate/distinguished-name.ts';
import { caConstraints, extension, keyUsage } from '../src/certificate/extensions.ts';
import type { ProblemCode } from '../src/certificate/verify.ts';
import { sharedKey } from './fixtures.ts';
import { CLIENT_USE, SIGNATURE_USE, oddCertificate } from './odd-certificate.ts';
import type { OddFields } from './odd-certificate.ts';

/** What is odd about a CA, or about a client of it, and what is to be found. */
export type OddClient = {
  readonly what: string;
  readonly ca?: OddFields;
  readonly client?: OddFields;
  readonly problem?: ProblemCode;
  /** Some releases of Go take it, so that it depends on the engine. */
  readonly dependsOnGo?: true;
};

const RSA = sharedKey('rsa-2048');
const ED25519 = sharedKey('ed25519');
const CA_EXTENSIONS = [caConstraints(), keyUsage(['keyCertSign'])];
const CLIENT_EXTENSIONS = [SIGNATURE_USE, CLIENT_USE];

function inCa(...more: Der[]): OddFields {
  return { extensions: [...CA_EXTENSIONS, ...more] };
}

function inClient(...more: Der[]): OddFields {
  return { extensions: [...CLIENT_EXTENSIONS, ...more] };
}

type Name = Parameters<typeof extension>[0];

/** One of those that we do not write. */
function critical(name: OidName, value: Der): Der {
  return extension(name as Name, value, true);
}

function altNames(isCritical: boolean, ...names: Der[]): Der {
  return extension('subjectAltName', sequence(...names), isCritical);
}

function called(tag: number, text: string): OddFields {
  const value = tagged(tag, Buffer.from(text, 'latin1'));
  return { subject: encode(sequence(set(sequence(oid('commonName'), value)))) };
}

function bySignature(name: OidName, ...parameters: Der[]): OddFields {
  return { algorithm: sequence(oid(name), ...parameters) };
}

function hash(name: OidName): Der {
  return sequence(oid(name), nullValue());
}

/** RSASSA-PSS-params as RFC 4055 section 3.1 has them. */
function pss(
  digest: 'sha256' | 'sha384' | 'sha512',
  saltLength: number,
  inMask: OidName = digest,
): OddFields {
  const mask = sequence(oid('mgf1'), hash(inMask));
  const fields = [hash(digest), mask, integerOf(saltLength)].map((field, at) => explicit(at, field));
  return { ...bySignature('rsassa-pss', sequence(...fields)), signer: RSA, digest, saltLength };
}

const POLICIES = critical('certificatePolicies', sequence(sequence(oid('anyExtendedKeyUsage'))));
const URI = implicit(6, Buffer.from('http://ca.example/crl'));
const POINT = sequence(explicit(0, tagged(contextConstructedTag(0), encode(URI))));
const LISTS = critical('cRLDistributionPoints', sequence(POINT));
const DIRECTORY = tagged(contextConstructedTag(4), encodeName('alice'));
const MAPPED = tagged(contextTag(7), Buffer.from('00000000000000000000ffff0a000005', 'hex'));
const NO_USAGE = critical('keyUsage', bitString(Buffer.alloc(0)));
const RSA_CA: OddFields = { publicKey: RSA.publicKey };

const URIS: readonly string[] = [
  'spiffe://example.com/a b?%zz#x',
  'http://u:p%40@example.com:8443/%41',
  'http://[2001:db8::1]:99999',
  'http://a_b:/',
  'mailto:a@b:c',
  'HTTP:///a',
  'urn:x y',
  '//a/b:c',
  '///a',
  'a/b:c',
  'a b',
  '',
];

const NO_URIS: readonly string[] = [
  'http://a b/',
  'http://a/%zz',
  'http://a/#%',
  'http://a%41/',
  'http://u%zz@a/',
  'http://u ser@a/',
  'http://a:b/',
  'http://a..b/',
  'http://[::1/',
  'http://[::1]x/',
  'http://a/\u007f',
  'http://a\\b/',
  ':a',
  '1a:b',
  'x y:z',
  'a%/b',
];

function withUri(text: string): OddClient {
  const client = inClient(altNames(false, implicit(6, Buffer.from(text, 'latin1'))));
  return { what: `the URI ${JSON.stringify(text)}`, client };
}

/** Of each, an engine was asked. */
export const ODD_CLIENTS: readonly OddClient[] = [
  ...URIS.map(withUri),
  ...NO_URIS.map((text) => ({ ...withUri(text), problem: 'malformed' as const })),
  { what: 'nothing odd' },
  { what: 'critical policies', client: inClient(POLICIES) },
  { what: 'critical policies of its CA', ca: inCa(POLICIES) },
  { what: 'critical distribution points', client: inClient(LISTS) },
  { what: 'critical distribution points of its CA', ca: inCa(LISTS) },
  {
    what: 'critical policy constraints',
    ca: inCa(critical('policyConstraints', sequence(implicit(0, Buffer.of(0))))),
    problem: 'critical-extension',
    dependsOnGo: true,
  },
  {
    what: 'a critical key identifier',
    client: inClient(critical('subjectKeyIdentifier', octetString(Buffer.alloc(20)))),
    problem: 'critical-extension',
    dependsOnGo: true,
  },
  { what: 'critical names', client: inClient(altNames(true, implicit(2, Buffer.from('a.example')))) },
  {
    what: 'critical names of no known kind',
    client: inClient(altNames(true, DIRECTORY)),
    problem: 'critical-extension',
  },
  {
    what: 'critical names, and none of them',
    client: inClient(altNames(true)),
    problem: 'critical-extension',
  },
  { what: 'names of no known kind', client: inClient(altNames(false, DIRECTORY)) },
  {
    what: 'an IPv4 address in the form of an IPv6 one',
    client: inClient(altNames(false, MAPPED)),
    problem: 'malformed',
    dependsOnGo: true,
  },
  {
    what: 'a negative serial number',
    client: { serial: tagged(TAG.integer, Buffer.of(0xff, 1)) },
    problem: 'malformed',
    dependsOnGo: true,
  },
  { what: 'the serial number zero', client: { serial: integerOf(0) } },
  { what: 'a CA of version 1', ca: { version: undefined, extensions: [] } },
  { what: 'a CA of version 3 that does not say so', ca: { extensions: [] }, problem: 'issuer-not-a-ca' },
  { what: 'a client of version 1', client: { version: undefined, extensions: [] } },
  { what: 'an empty list of purposes', client: { extensions: [extension('extKeyUsage', sequence())] } },
  { what: 'an empty list of purposes of its CA', ca: inCa(extension('extKeyUsage', sequence())) },
  { what: 'a CA whose usage has no bit', ca: { extensions: [caConstraints(), NO_USAGE] } },
  {
    what: 'a PrintableString with an underscore',
    client: called(TAG.printableString, 'a_b'),
    problem: 'malformed',
  },
  { what: 'a PrintableString with @', client: called(TAG.printableString, 'a@b'), problem: 'malformed' },
  { what: 'a PrintableString with * and &', client: called(TAG.printableString, 'a*&b') },
  { what: 'an IA5String that is none', client: called(TAG.ia5String, 'a\u00fc'), problem: 'malformed' },
  { what: 'a NumericString with a letter', client: called(TAG.numericString, '1a'), problem: 'malformed' },
  { what: 'a NumericString', client: called(TAG.numericString, '12 3') },
  { what: 'a TeletexString', client: called(TAG.teletexString, 'a\u00fc') },
  { what: 'a BMPString', client: called(TAG.bmpString, '\0a') },
  {
    what: 'a UniversalString',
    client: called(TAG.universalString, '\0\0\0a'),
    problem: 'malformed',
    dependsOnGo: true,
  },
  { what: 'ECDSA with parameters', client: bySignature('ecdsa-with-SHA256', nullValue()) },
  {
    what: 'Ed25519',
    ca: { publicKey: ED25519.publicKey },
    client: { ...bySignature('ed25519'), signer: ED25519, digest: null },
  },
  {
    what: 'Ed25519 with parameters',
    ca: { publicKey: ED25519.publicKey },
    client: { ...bySignature('ed25519', nullValue()), signer: ED25519, digest: null },
    problem: 'signature',
  },
  {
    what: 'RSA without NULL',
    ca: RSA_CA,
    client: { ...bySignature('sha256WithRSAEncryption'), signer: RSA },
  },
  {
    what: 'RSA with SHA-224',
    ca: RSA_CA,
    client: { ...bySignature('sha224WithRSAEncryption', nullValue()), signer: RSA, digest: 'sha224' },
    problem: 'signature',
  },
  { what: 'RSASSA-PSS with SHA-256', ca: RSA_CA, client: pss('sha256', 32) },
  { what: 'RSASSA-PSS with SHA-384', ca: RSA_CA, client: pss('sha384', 48) },
  { what: 'RSASSA-PSS with SHA-512', ca: RSA_CA, client: pss('sha512', 64) },
  { what: 'RSASSA-PSS with a short salt', ca: RSA_CA, client: pss('sha256', 20), problem: 'signature' },
  {
    what: 'RSASSA-PSS with two digests',
    ca: RSA_CA,
    client: pss('sha256', 32, 'sha384'),
    problem: 'signature',
  },
  {
    what: 'RSASSA-PSS that is not signed so',
    ca: RSA_CA,
    client: { ...pss('sha256', 32), saltLength: undefined },
    problem: 'signature',
  },
  {
    what: 'GeneralizedTime before 2050',
    client: { notBefore: tagged(TAG.generalizedTime, Buffer.from('20251231000000Z')) },
  },
  { what: 'a unique identifier', client: { uniqueId: implicit(2, Buffer.of(0, 1)) } },
];

/** Makes the two, for a span of time, with a CA's name that tells rows apart. */
export function makeOdd(
  { ca, client }: OddClient,
  name: string,
  [from, to]: readonly [Date, Date],
): { readonly ca: Certificate; readonly client: Certificate } {
  const issuer = encodeName(name);
  const shared = { issuer, notBefore: time(from), notAfter: time(to), signer: sharedKey('ec-p256') };
  return {
    ca: readCertificate(oddCertificate({ ...shared, subject: issuer, extensions: CA_EXTENSIONS, ...ca })),
    client: readCertificate(oddCertificate({ ...shared, extensions: CLIENT_EXTENSIONS, ...client })),
  };
}
