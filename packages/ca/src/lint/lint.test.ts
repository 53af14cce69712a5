import { constrainedCa, nameConstraints, namedClient } from '../../testing/constrained.ts';
import { describe, expect, test } from '@jest/globals';
import { NOW, makeAuthority, makeLeaf, sharedKey } from '../../testing/fixtures.ts';
import {
  ALGORITHM,
  CLIENT_EXTENSIONS,
  CLIENT_USE,
  KEY_IDS,
  LATER,
  SIGNATURE_USE,
  oddCertificate,
} from '../../testing/odd-certificate.ts';
import type { OddFields } from '../../testing/odd-certificate.ts';
import { codeOf } from '../../testing/throws.ts';
import { encodeName } from '../certificate/distinguished-name.ts';
import { caConstraints, extension } from '../certificate/extensions.ts';
import {
  bitString,
  boolean,
  encode,
  explicit,
  implicit,
  implicitSequence,
  integerOf,
  nullValue,
  octetString,
  oid,
  sequence,
  set,
  tagged,
  utf8String,
} from '../der/build.ts';
import type { Der } from '../der/build.ts';
import { TAG } from '../der/tag.ts';
import { time } from '../der/time.ts';
import { lintCertificate } from './lint.ts';
import { RULES } from './rules.ts';

function rulesOf(der: Buffer): string[] {
  return lintCertificate(der).map(({ rule }) => rule);
}

function subject(type: 'commonName' | 'organizationName', value: Der): Buffer {
  return encode(sequence(set(sequence(oid(type), value))));
}

function usages(octet: number, unused: number, critical = true): Der {
  return extension('keyUsage', bitString(Buffer.of(octet), unused), critical);
}

function purposes(...names: ('serverAuth' | 'clientAuth' | 'anyExtendedKeyUsage')[]): Der {
  return extension('extKeyUsage', sequence(...names.map((name) => oid(name))));
}

function altNames(names: Der[], critical = false): Der {
  return extension('subjectAltName', sequence(...names), critical);
}

function constraints(critical: boolean): Der {
  return extension('nameConstraints', nameConstraints(['+DNS:example.com']), critical);
}

function dns(name: string): Der {
  return implicit(2, Buffer.from(name));
}

const SERVER_USE = purposes('serverAuth');
const CA_USE = usages(0x06, 1);
const CA_EXTENSIONS = [caConstraints(), CA_USE, ...KEY_IDS];
const SPELLED_OUT = sequence(
  oid('extKeyUsage'),
  boolean(false),
  octetString(encode(sequence(oid('clientAuth')))),
);

type Case = { readonly rules: readonly string[]; readonly why: string; readonly fields: OddFields };

const CASES: readonly Case[] = [
  { rules: ['version'], why: 'version 1', fields: { version: undefined } },
  {
    rules: ['serial-positive'],
    why: 'a negative serial number',
    fields: { serial: tagged(TAG.integer, Buffer.alloc(9, 0x80)) },
  },
  {
    rules: ['serial-positive', 'serial-guessable'],
    why: 'serial number 0',
    fields: { serial: integerOf(0) },
  },
  { rules: ['serial-guessable'], why: 'serial number 1', fields: { serial: integerOf(1) } },
  {
    rules: ['serial-too-long'],
    why: 'a serial number of 21 octets',
    fields: { serial: tagged(TAG.integer, Buffer.alloc(21, 1)) },
  },
  {
    rules: ['signature-algorithms-differ'],
    why: 'two algorithms',
    fields: { outer: sequence(oid('ecdsa-with-SHA384')) },
  },
  {
    rules: ['signature-algorithm-weak'],
    why: 'SHA-1',
    fields: { algorithm: sequence(oid('sha1WithRSAEncryption'), nullValue()) },
  },
  {
    rules: ['signature-algorithm-weak'],
    why: 'MD5',
    fields: { algorithm: sequence(oid('md5WithRSAEncryption'), nullValue()) },
  },
  {
    rules: ['signature-parameters'],
    why: 'NULL beside ECDSA',
    fields: { algorithm: sequence(oid('ecdsa-with-SHA256'), nullValue()) },
  },
  {
    rules: ['signature-parameters'],
    why: 'no NULL beside RSA',
    fields: { algorithm: sequence(oid('sha256WithRSAEncryption')) },
  },
  {
    rules: ['validity-inverted'],
    why: 'an end before the beginning',
    fields: { notBefore: time(LATER), notAfter: time(NOW) },
  },
  {
    rules: ['time-encoding'],
    why: 'GeneralizedTime for 2027',
    fields: { notAfter: tagged(TAG.generalizedTime, Buffer.from('20270101000000Z')) },
  },
  { rules: ['key-weak'], why: 'RSA of 1024 bits', fields: { publicKey: rsa1024() } },
  { rules: ['key-unsupported'], why: 'a compressed point', fields: { publicKey: compressed() } },
  { rules: ['unique-ids'], why: 'unique identifiers', fields: { uniqueId: implicit(1, Buffer.of(0, 1)) } },
  { rules: ['issuer-empty'], why: 'no issuer', fields: { issuer: encodeName(undefined) } },
  {
    rules: ['name-too-long'],
    why: 'a name of 65 characters',
    fields: { subject: encodeName('ü'.repeat(65)) },
  },
  { rules: ['name-too-long'], why: 'an empty name', fields: { subject: encodeName('') } },
  {
    rules: ['name-printable-string'],
    why: 'Latin-1 in a PrintableString',
    fields: { subject: subject('commonName', tagged(TAG.printableString, Buffer.from([0xfc]))) },
  },
  {
    rules: ['name-old-string-type'],
    why: 'a T61String',
    fields: { subject: subject('commonName', tagged(TAG.teletexString, Buffer.from('a'))) },
  },
  {
    rules: ['client-without-name'],
    why: 'a client without a common name',
    fields: { subject: subject('organizationName', utf8String('x')) },
  },
  {
    rules: ['extension-twice'],
    why: 'one extension twice',
    fields: { extensions: [...CLIENT_EXTENSIONS, CLIENT_USE] },
  },
  {
    rules: ['extension-explicit-default'],
    why: 'critical FALSE',
    fields: { extensions: [SIGNATURE_USE, SPELLED_OUT, ...KEY_IDS] },
  },
  {
    rules: ['extension-explicit-default'],
    why: 'cA FALSE',
    fields: { extensions: [...CLIENT_EXTENSIONS, extension('basicConstraints', sequence(boolean(false)))] },
  },
  {
    rules: [],
    why: 'an empty basicConstraints',
    fields: { extensions: [...CLIENT_EXTENSIONS, extension('basicConstraints', sequence(), true)] },
  },
  {
    rules: ['extension-critical-unknown'],
    why: 'an unknown critical extension',
    fields: { extensions: [...CLIENT_EXTENSIONS, extension('cRLNumber', integerOf(1), true)] },
  },
  {
    rules: ['key-ids-not-critical'],
    why: 'a critical key identifier',
    fields: {
      extensions: [
        SIGNATURE_USE,
        CLIENT_USE,
        KEY_IDS[1] ?? nullValue(),
        extension('subjectKeyIdentifier', octetString(Buffer.alloc(20)), true),
      ],
    },
  },
  {
    rules: ['authority-key-id-missing', 'leaf-key-id-missing'],
    why: 'no key identifiers',
    fields: { extensions: [SIGNATURE_USE, CLIENT_USE] },
  },
  {
    rules: ['authority-key-id-by-serial'],
    why: "the issuer's serial number",
    fields: { extensions: [SIGNATURE_USE, CLIENT_USE, KEY_IDS[0] ?? nullValue(), bySerial()] },
  },
  {
    rules: ['key-usage-encoding', 'leaf-key-usage-no-signature'],
    why: 'an empty keyUsage',
    fields: { extensions: [extension('keyUsage', bitString(Buffer.alloc(0)), true), CLIENT_USE, ...KEY_IDS] },
  },
  {
    rules: ['key-usage-encoding'],
    why: 'trailing zero bits',
    fields: { extensions: [usages(0x80, 0), CLIENT_USE, ...KEY_IDS] },
  },
  {
    rules: ['key-usage-not-critical'],
    why: 'a keyUsage that is not critical',
    fields: { extensions: [usages(0x80, 7, false), CLIENT_USE, ...KEY_IDS] },
  },
  {
    rules: ['ext-key-usage-empty'],
    why: 'an empty extKeyUsage',
    fields: { extensions: [SIGNATURE_USE, purposes(), ...KEY_IDS] },
  },
  { rules: [], why: 'a CA as it should be', fields: { extensions: CA_EXTENSIONS } },
  {
    rules: ['ca-subject-empty', 'alt-name-critical'],
    why: 'a CA without a name',
    fields: { subject: encodeName(undefined), extensions: CA_EXTENSIONS },
  },
  {
    rules: ['ca-constraints-not-critical'],
    why: 'a CA that is not critically one',
    fields: { extensions: [extension('basicConstraints', sequence(boolean(true))), CA_USE, ...KEY_IDS] },
  },
  {
    rules: ['ca-key-usage-missing'],
    why: 'a CA without keyUsage',
    fields: { extensions: [caConstraints(), ...KEY_IDS] },
  },
  {
    rules: ['ca-key-usage-no-signing'],
    why: 'a CA that may sign lists alone',
    fields: { extensions: [caConstraints(), usages(0x02, 1), ...KEY_IDS] },
  },
  {
    rules: ['ca-key-usage-too-wide'],
    why: 'a CA that may do more',
    fields: { extensions: [caConstraints(), usages(0x86, 1), ...KEY_IDS] },
  },
  {
    rules: ['ca-name-constraints-not-critical'],
    why: 'a CA with constraints that readers may skip',
    fields: { extensions: [caConstraints(), CA_USE, constraints(false), ...KEY_IDS] },
  },
  {
    rules: [],
    why: 'a CA with constraints',
    fields: { extensions: [caConstraints(), CA_USE, constraints(true), ...KEY_IDS] },
  },
  {
    rules: ['leaf-name-constraints'],
    why: 'a leaf with constraints',
    fields: { extensions: [...CLIENT_EXTENSIONS, constraints(true)] },
  },
  {
    rules: ['alt-name-syntax'],
    why: 'an IPv4 address in the form of an IPv6 one',
    fields: {
      extensions: [
        ...CLIENT_EXTENSIONS,
        altNames([implicit(7, Buffer.from('00000000000000000000ffff0a000005', 'hex'))]),
      ],
    },
  },
  {
    rules: ['ca-key-id-missing'],
    why: 'a CA without a key identifier',
    fields: { extensions: [caConstraints(), CA_USE, KEY_IDS[1] ?? nullValue()] },
  },
  {
    rules: ['leaf-signs-certificates'],
    why: 'a leaf that signs',
    fields: { extensions: [usages(0x84, 2), CLIENT_USE, ...KEY_IDS] },
  },
  {
    rules: ['leaf-signs-certificates'],
    why: 'a leaf with a path length',
    fields: {
      extensions: [...CLIENT_EXTENSIONS, extension('basicConstraints', sequence(integerOf(0)), true)],
    },
  },
  {
    rules: ['leaf-key-usage-missing'],
    why: 'a leaf without keyUsage',
    fields: { extensions: [CLIENT_USE, ...KEY_IDS] },
  },
  {
    rules: ['leaf-key-usage-no-signature'],
    why: 'a leaf that may only agree on keys',
    fields: { extensions: [usages(0x08, 3), CLIENT_USE, ...KEY_IDS] },
  },
  {
    rules: ['leaf-key-usage-encipherment'],
    why: 'an EC key that enciphers',
    fields: { extensions: [usages(0xa0, 5), CLIENT_USE, ...KEY_IDS] },
  },
  {
    rules: ['leaf-key-usage-encipherment'],
    why: 'an Ed25519 key that enciphers',
    fields: {
      publicKey: sharedKey('ed25519').publicKey,
      extensions: [usages(0x90, 4), CLIENT_USE, ...KEY_IDS],
    },
  },
  {
    rules: [],
    why: 'an RSA key that enciphers',
    fields: {
      publicKey: sharedKey('rsa-2048').publicKey,
      extensions: [usages(0xa0, 5), CLIENT_USE, ...KEY_IDS],
    },
  },
  { rules: ['leaf-any-purpose'], why: 'no extKeyUsage', fields: { extensions: [SIGNATURE_USE, ...KEY_IDS] } },
  {
    rules: ['leaf-any-purpose'],
    why: 'any purpose',
    fields: { extensions: [SIGNATURE_USE, purposes('anyExtendedKeyUsage'), ...KEY_IDS] },
  },
  {
    rules: ['leaf-both-roles'],
    why: 'both roles',
    fields: {
      extensions: [
        SIGNATURE_USE,
        purposes('serverAuth', 'clientAuth'),
        altNames([dns('a.example')]),
        ...KEY_IDS,
      ],
    },
  },
  {
    rules: ['server-without-names'],
    why: 'a server without names',
    fields: { extensions: [SIGNATURE_USE, SERVER_USE, ...KEY_IDS] },
  },
  {
    rules: ['alt-name-empty'],
    why: 'an empty subjectAltName',
    fields: { extensions: [SIGNATURE_USE, SERVER_USE, altNames([]), ...KEY_IDS] },
  },
  {
    rules: [],
    why: 'a server of any case',
    fields: {
      extensions: [
        SIGNATURE_USE,
        SERVER_USE,
        altNames([dns('Node1.Example'), dns('*.example.com'), implicit(7, Buffer.alloc(16))]),
        ...KEY_IDS,
      ],
    },
  },
  {
    rules: ['alt-name-critical'],
    why: 'no subject, and names that are not critical',
    fields: {
      subject: encodeName(undefined),
      extensions: [SIGNATURE_USE, SERVER_USE, altNames([dns('a.example')]), ...KEY_IDS],
    },
  },
  {
    rules: ['alt-name-needlessly-critical'],
    why: 'a subject, and critical names',
    fields: { extensions: [SIGNATURE_USE, SERVER_USE, altNames([dns('a.example')], true), ...KEY_IDS] },
  },
  ...['a_b.example', 'a.example.', 'bücher.example', '10.0.0.5', '', '.example'].map((name) => ({
    rules: ['alt-name-syntax'],
    why: `the host name ${JSON.stringify(name)}`,
    fields: { extensions: [SIGNATURE_USE, SERVER_USE, altNames([dns(name)]), ...KEY_IDS] },
  })),
  {
    rules: ['alt-name-syntax'],
    why: 'an address of 3 octets',
    fields: { extensions: [SIGNATURE_USE, SERVER_USE, altNames([implicit(7, Buffer.alloc(3))]), ...KEY_IDS] },
  },
];

describe('lintCertificate', () => {
  test('has nothing to say about what we sign', () => {
    const authority = makeAuthority();
    const options = { issuer: authority.certificate };
    const certificates = [
      authority.certificate,
      makeLeaf(authority),
      makeLeaf(authority, { kind: 'server' }),
    ];
    for (const { der, pem } of certificates) {
      expect(lintCertificate(der, options)).toEqual([]);
      expect(lintCertificate(pem)).toEqual([]);
    }
  });

  test('has nothing to say about the certificate that the cases below are changes of', () => {
    expect(rulesOf(oddCertificate())).toEqual([]);
  });

  test.each(CASES)('$why: $rules', ({ rules, fields }) => {
    expect(rulesOf(oddCertificate(fields))).toEqual(rules);
  });

  test('cares neither how a root signed itself nor how it is numbered', () => {
    const name = encodeName('Test CA');
    const algorithm = sequence(oid('sha1WithRSAEncryption'), nullValue());
    const extensions = [caConstraints(), CA_USE, KEY_IDS[0] ?? nullValue()];
    const root = oddCertificate({ issuer: name, subject: name, serial: integerOf(1), algorithm, extensions });
    expect(rulesOf(root)).toEqual([]);
  });

  test('has a case for every rule that needs no issuer', () => {
    const seen = new Set(CASES.flatMap(({ rules }) => rules));
    const unseen = RULES.filter(({ id }) => !id.startsWith('issuer-') && !seen.has(id)).map(({ id }) => id);
    expect(unseen).toEqual([]);
  });

  test('gives every rule a name of its own and a source', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    expect(RULES.every(({ citation }) => citation.length > 5)).toBe(true);
  });

  test('says what, how bad, and by which text', () => {
    expect(lintCertificate(oddCertificate({ serial: integerOf(0) }))[0]).toEqual({
      rule: 'serial-positive',
      severity: 'error',
      message: 'the serial number is zero',
      citation: 'RFC 5280 section 4.1.2.2',
    });
  });

  test('refuses what is no certificate', () => {
    expect(codeOf(() => lintCertificate('hello'))).toBe('CA_CERTIFICATE_INVALID');
  });
});

describe('with the issuer at hand', () => {
  const authority = makeAuthority();
  const leaf = makeLeaf(authority);

  function withIssuer(issuer: Parameters<typeof makeAuthority>[0]): string[] {
    return lintCertificate(leaf.der, { issuer: makeAuthority(issuer).certificate }).map(({ rule }) => rule);
  }

  test('finds another key', () => {
    expect(withIssuer({})).toEqual(['issuer-key-id-differs']);
  });

  test('finds another name', () => {
    expect(withIssuer({ name: 'Other CA' })).toEqual(['issuer-name-differs', 'issuer-key-id-differs']);
  });

  test('finds an issuer that begins later', () => {
    expect(withIssuer({ now: new Date('2026-06-01T00:00:00Z') })).toEqual([
      'issuer-key-id-differs',
      'issuer-not-begun',
    ]);
  });

  test('finds an issuer that ends earlier', () => {
    expect(withIssuer({ now: new Date('2010-01-01T00:00:00Z') })).toEqual([
      'issuer-key-id-differs',
      'issuer-outlived',
    ]);
  });

  test('finds an issuer that is no CA', () => {
    const rules = lintCertificate(leaf.der, { issuer: leaf }).map(({ rule }) => rule);
    expect(rules).toEqual(['issuer-is-no-ca', 'issuer-name-differs', 'issuer-key-id-differs']);
  });

  test('finds a CA below one that may have none below it', () => {
    const below = oddCertificate({ extensions: CA_EXTENSIONS });
    const rules = lintCertificate(below, { issuer: authority.certificate }).map(({ rule }) => rule);
    expect(rules).toContain('issuer-path-length');
  });

  test('finds a name that it may not sign for', () => {
    const issuer = constrainedCa({ rules: ['+DNS:example.com'] });
    const namedRules = (name: string): string[] =>
      lintCertificate(namedClient([`DNS:${name}`]).der, { issuer }).map(({ rule }) => rule);
    expect(namedRules('db.example.org')).toContain('issuer-name-constraints');
    expect(namedRules('db.example.com')).not.toContain('issuer-name-constraints');
  });
});

function rsa1024(): Buffer {
  const key = encode(sequence(integerOf(BigInt(`0xc5${'ab'.repeat(127)}`)), integerOf(65537)));
  return encode(sequence(sequence(oid('rsaEncryption'), nullValue()), bitString(key)));
}

function compressed(): Buffer {
  return encode(sequence(sequence(oid('ecPublicKey'), oid('secp256r1')), bitString(Buffer.alloc(33, 2))));
}

function bySerial(): Der {
  const name = implicitSequence(1, explicit(4, sequence()));
  return extension(
    'authorityKeyIdentifier',
    sequence(implicit(0, Buffer.alloc(20)), name, implicit(2, Buffer.of(1))),
  );
}

test('the algorithm of the odd certificates is a good one', () => {
  expect(encode(ALGORITHM).toString('hex')).toBe('300a06082a8648ce3d040302');
});
