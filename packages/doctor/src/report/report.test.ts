import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from '@jest/globals';
import type { Diagnosis } from '../doctor-order.ts';
import { found } from '../found.ts';
import { toJunit } from './junit.ts';
import { toSarif } from './sarif.ts';
import { failsAt } from './threshold.ts';
import { xmlProblems } from './junit-schema.support.ts';

const HOSTILE = 'a<b>&"\'\u0000\u001b[31m\ud800 ]]> \ufffe 한글 😀\n\t';

const DIAGNOSES: readonly Diagnosis[] = [
  { target: 'local', found: [], unseen: [] },
  {
    target: 'tcp://10.0.0.5:2375',
    found: [
      found('listeners', 'plain-tcp', { subject: 'tcp://10.0.0.5:2375', message: 'HTTP 200' }),
      found('host', 'key-readable', { subject: '/etc/docker/tls/a b#.pem', message: HOSTILE }),
      found('listeners', 'swarm-port-open', { subject: HOSTILE, message: 'port 2377' }),
    ],
    unseen: [`/root/x ${HOSTILE}`],
  },
  { target: 'tcp://10.0.0.6:2376', found: [], unseen: [], failed: 'the connection was refused' },
];

/** The schema of OASIS, as Microsoft's matchers for SARIF carry it. */
function sarifSchema(): object {
  const folder = path.dirname(createRequire(import.meta.url).resolve('@microsoft/jest-sarif/package.json'));
  const file = path.join(folder, 'lib/schemas/sarif-2.1.0-rtm.5.json');
  const schema = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
  // Draft 04 differs from what Ajv knows in words that this schema does not use.
  const { $schema: _draft, id: _id, ...rules } = schema;
  return rules;
}

function fingerprintOf(message: string): unknown {
  const findings = [found('listeners', 'server-certificate-due', { subject: 'x', message })];
  const [run] = toSarif([{ target: 'x', found: findings, unseen: [] }], '1')['runs'] as readonly Run[];
  return run?.results[0]?.partialFingerprints;
}

describe('SARIF', () => {
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(
    sarifSchema(),
  );

  test.each([
    ['findings', DIAGNOSES],
    ['nothing', []],
  ])('of %s is valid', (_, diagnoses) => {
    expect({ is: validate(toSarif(diagnoses, '0.1.0')), errors: validate.errors }).toEqual({
      is: true,
      errors: null,
    });
  });

  test('is not taken for valid when it is not', () => {
    expect(validate({ ...toSarif(DIAGNOSES, '0.1.0'), version: '2' })).toBe(false);
  });

  test('names each rule once, with its benchmark, and where its results are', () => {
    const [run] = toSarif(DIAGNOSES, '0.1.0')['runs'] as readonly Run[];
    const { rules } = run?.tool.driver ?? { rules: [] };
    expect(rules.map(({ id }) => id)).toEqual(['DM101', 'DM138', 'DM601']);
    expect(rules[0]).toMatchObject({
      defaultConfiguration: { level: 'error' },
      properties: { tags: ['security', 'CIS Docker Benchmark 1.8.0: 2.8'] },
    });
    expect(run?.results.map(({ ruleId, ruleIndex }) => rules[ruleIndex]?.id === ruleId)).toEqual([
      true,
      true,
      true,
    ]);
    expect(run?.results[1]?.locations[0]?.physicalLocation?.artifactLocation.uri).toBe(
      'file:///etc/docker/tls/a%20b%23.pem',
    );
    expect(run?.invocations[0]?.executionSuccessful).toBe(false);
  });

  test('gives a finding the same fingerprint in the next run, whatever the numbers in it', () => {
    expect(fingerprintOf('it ends in 30 days')).toEqual(fingerprintOf('it ends in 29 days'));
  });
});

type Run = {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  readonly invocations: readonly { readonly executionSuccessful: boolean }[];
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly partialFingerprints: object;
    readonly locations: readonly {
      readonly physicalLocation?: { readonly artifactLocation: { readonly uri: string } };
    }[];
  }[];
};

describe('JUnit', () => {
  test.each(['error', 'warning', 'note', 'never'] as const)('at %s is valid', (failOn) => {
    expect(xmlProblems(toJunit(DIAGNOSES, failOn))).toEqual([]);
  });

  test('is not taken for valid when it is not', () => {
    const good = toJunit(DIAGNOSES, 'warning');
    expect(xmlProblems(good.replace('</testsuites>', ''))).not.toEqual([]);
    expect(xmlProblems(good.replace('<testcase', '<case'))).not.toEqual([]);
    expect(xmlProblems(good.replace('tests="1"', ''))).not.toEqual([]);
    expect(xmlProblems(good.replace('tests="5"', 'tests="9"'))).not.toEqual([]);
  });

  test('counts what fails', () => {
    expect(toJunit(DIAGNOSES, 'warning')).toContain('tests="5" failures="2" errors="0" skipped="1"');
    expect(toJunit(DIAGNOSES, 'never')).toContain('tests="5" failures="0" errors="0" skipped="1"');
  });
});

test.each([
  ['error', [true, true, true, false]],
  ['warning', [false, true, true, false]],
  ['note', [false, false, true, false]],
] as const)('what is of severity %s fails at that and at milder ones', (severity, fails) => {
  const thresholds = ['error', 'warning', 'note', 'never'] as const;
  expect(thresholds.map((failOn) => failsAt(failOn, { severity }))).toEqual(fails);
});
