import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../../../../test/support/describe-needing.ts';
import * as fc from 'fast-check';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { constrainedCa, namedClient } from '../../testing/constrained.ts';
import type { ConstrainedCa } from '../../testing/constrained.ts';
import { CONSTRAINT_CASES } from '../../testing/constraint-cases.ts';
import { codeOf } from '../../testing/throws.ts';
import { encode, explicit, implicitSequence, sequence } from '../der/build.ts';
import type { Der } from '../der/build.ts';
import type { Certificate } from './certificate.ts';
import { readNameConstraints } from './name-constraints.ts';
import { verifyCertificate } from './verify.ts';

const NOW = new Date('2026-06-01T00:00:00Z');

function problemsOf(leaf: Certificate, ca: Certificate): string[] {
  const problems = verifyCertificate(leaf, { roots: [ca], purpose: 'client', now: NOW });
  return problems.map(({ problem }) => problem);
}

function because(text: string): unknown {
  return [{ problem: 'name-constraints', message: `its CA's name constraints ${text}` }];
}

describe('verifyCertificate, of a CA with name constraints', () => {
  test.each(CONSTRAINT_CASES)('$rules $names', ({ rules, critical = false, ...row }) => {
    const found = problemsOf(namedClient(row.names), constrainedCa({ rules, critical }));
    expect(found).toEqual(row.problem === undefined ? [] : [row.problem]);
  });

  test('says which name, and how it goes against them', () => {
    const roots = [constrainedCa({ rules: ['+DNS:example.com', '-IP:10.0.0.0/8'] })];
    const messageFor = (name: string): unknown =>
      verifyCertificate(namedClient([name]), { roots, purpose: 'client', now: NOW });
    expect(messageFor('DNS:example.org')).toEqual(because('do not permit "example.org"'));
    expect(messageFor('IP:10.0.0.1')).toEqual(because('exclude "10.0.0.1"'));
    expect(messageFor('DNS:a\u001b..b')).toEqual(because(String.raw`cannot be held against "a\u001b..b"`));
  });

  test('takes another certificate of the same CA that permits the name', () => {
    const roots = [
      constrainedCa({ rules: ['+DNS:example.com'] }),
      constrainedCa({ rules: ['+DNS:example.org'] }),
    ];
    const leaf = namedClient(['DNS:example.org']);
    expect(verifyCertificate(leaf, { roots, purpose: 'client', now: NOW })).toEqual([]);
  });

  test('compares no more of them than Go would', () => {
    const ca = constrainedCa({ rules: Array.from({ length: 600 }, (_, at) => `-DNS:x${at}.example.com`) });
    const leaf = namedClient(Array.from({ length: 600 }, (_, at) => `DNS:y${at}.example.com`));
    expect(problemsOf(leaf, ca)).toEqual(['name-constraints']);
  });
});

describe('readNameConstraints', () => {
  test.each<[string, Der]>([
    ['nothing', sequence()],
    ['an empty list', sequence(implicitSequence(0))],
    ['a list of numbers', sequence(explicit(0, explicit(0, sequence())))],
    ['a subtree of nothing', sequence(explicit(1, sequence()))],
    ['more than it may have', sequence(explicit(1, sequence(explicit(0, sequence()))), sequence())],
  ])('refuses %s', (_, value) => {
    expect(() => readNameConstraints(encode(value))).toThrow('nameConstraints: ');
  });

  test('has a certificate with such ones refused', () => {
    expect(codeOf(() => constrainedCa({ rules: [] }))).toBe('CA_CERTIFICATE_INVALID');
  });
});

const folder = temporaryFolder();

function file(name: string, { pem }: Certificate): string {
  writeFileSync(join(folder, name), pem);
  return join(folder, name);
}

/** For each of the lists of names whether openssl takes a client that has them. */
function bySsl(order: ConstrainedCa, lists: readonly (readonly string[])[]): boolean[] {
  const leaves = lists.map((names, at) => file(`${at}.pem`, namedClient(names)));
  const when = ['-attime', String(NOW.getTime() / 1000), '-CAfile', file('ca.pem', constrainedCa(order))];
  const { stdout } = spawnSync('openssl', ['verify', ...when, ...leaves], { encoding: 'utf8' });
  return leaves.map((leaf) => stdout.includes(`${leaf}: OK\n`));
}

function byUs(order: ConstrainedCa, lists: readonly (readonly string[])[]): boolean[] {
  const ca = constrainedCa(order);
  return lists.map((names) => problemsOf(namedClient(names), ca).length === 0);
}

const label = fc.constantFrom('a', 'B', 'ab', 'x-1');
const host = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'));
const under = fc.tuple(fc.constantFrom('', '.'), host).map((parts) => parts.join(''));
const address = fc
  .tuple(fc.constantFrom('10.0.', '10.128.', '2001:db8::', '2001:db8:8000::'), fc.constantFrom('0', '1', '7'))
  .map(([start, end]) => (start.includes(':') ? `${start}${end}` : `${start}0.${end}`));
const network = fc.tuple(address, fc.constantFrom(0, 1, 8, 9, 17, 31, 32)).map((parts) => parts.join('/'));
const sign = fc.constantFrom('+', '-');
const plainRule = fc.oneof(
  fc.tuple(sign, fc.constant('DNS:'), under),
  fc.tuple(sign, fc.constant('IP:'), network),
);
const plainName = fc.oneof(
  host.map((text) => `DNS:${text}`),
  address.map((text) => `IP:${text}`),
);
const mailbox = fc.tuple(fc.constantFrom('a@', 'A@'), host).map((parts) => parts.join(''));
const moreRules = fc.oneof(
  plainRule,
  fc.tuple(sign, fc.constant('email:'), fc.oneof(under, mailbox)),
  fc.tuple(sign, fc.constant('URI:'), under),
);
const moreNames = fc.oneof(
  plainName,
  host.map((text) => `DNS:*.${text}`),
  mailbox.map((text) => `email:${text}`),
  host.map((text) => `URI:spiffe://${text}/x`),
);

function rulesOf(rule: fc.Arbitrary<readonly string[]>): fc.Arbitrary<string[]> {
  return fc.array(
    rule.map((parts) => parts.join('')),
    { minLength: 1, maxLength: 4 },
  );
}

function listsOf(name: fc.Arbitrary<string>): fc.Arbitrary<string[][]> {
  return fc.array(fc.array(name, { minLength: 1, maxLength: 2 }), { minLength: 12, maxLength: 12 });
}

describeNeeding(['openssl'], 'beside openssl verify', () => {
  test('says the same of hosts and addresses', () => {
    fc.assert(
      fc.property(rulesOf(plainRule), fc.boolean(), listsOf(plainName), (rules, critical, lists) => {
        const order = { rules, critical };
        expect(byUs(order, lists)).toEqual(bySsl(order, lists));
      }),
      { numRuns: 40 },
    );
  });

  test('takes nothing that openssl refuses, of mailboxes, URIs and wildcards too', () => {
    fc.assert(
      fc.property(rulesOf(moreRules), listsOf(moreNames), (rules, lists) => {
        const ssl = bySsl({ rules }, lists);
        const laxer = byUs({ rules }, lists).map((isGood, at) => isGood && ssl[at] === false);
        expect(laxer).not.toContain(true);
      }),
      { numRuns: 40 },
    );
  });
});
