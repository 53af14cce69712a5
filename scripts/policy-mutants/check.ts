import fs from 'node:fs';
import path from 'node:path';
import { decide, parse, parseCases, PolicyError, runCases } from '@docker-mtls/policy';
import type { PolicyRequest } from '@docker-mtls/policy';
import { naiveReading } from '../../test/policy/naive.ts';
import { randomPolicy } from '../../test/policy/random-policy.ts';
import { randomRequest } from '../../test/policy/random-request.ts';
import { seeded } from '../../test/policy/random.ts';

const NOW = Date.UTC(2026, 5, 1);
const POLICIES = 100;
const REQUESTS_PER_POLICY = 30;

const MIB = 1024 * 1024;

/** What is not as it should be: a conformance case, the largest body, or a random request that a naive reading of the page decides otherwise. */
export function check(folder: string): string | undefined {
  return failedCase(folder) ?? wrongSize(folder) ?? difference();
}

function failedCase(folder: string): string | undefined {
  const read = (name: string): string => fs.readFileSync(path.join(folder, name), 'utf8');
  const results = runCases(parse(read('policy.yaml')), parseCases(read('cases.yaml'), { now: NOW }));
  return results.find(({ failure }) => failure !== undefined)?.failure;
}

/** Above 1 MiB nothing is guarded, above 3 MiB nobody is served. */
function wrongSize(folder: string): string | undefined {
  const policy = parse(fs.readFileSync(path.join(folder, 'policy.yaml'), 'utf8'));
  const sizes = [
    ['deployer', MIB, true],
    ['deployer', MIB + 1, false],
    ['admin', 3 * MIB, true],
    ['admin', 3 * MIB + 1, false],
  ] as const;
  const wrong = sizes.find(([cn, size, isAllowed]) => decide(policy, creation(cn, size)).allow !== isAllowed);
  return wrong && `a body of ${wrong[1]} bytes of ${wrong[0]}`;
}

function creation(commonName: string, size: number): PolicyRequest {
  const body = new TextEncoder().encode('{"Image":"a"}'.padEnd(size));
  const nothing = { organizationalUnits: [], uris: [], fingerprint: '', issuer: '' };
  return {
    subject: { kind: 'certificate', commonName, ...nothing },
    method: 'POST',
    uri: '/containers/create',
    headers: { 'Content-Type': 'application/json' },
    body,
    now: NOW,
    engine: { unpacksSafely: false },
    found: [],
  };
}

function difference(): string | undefined {
  const random = seeded(20_260_601);
  for (let policies = 0; policies < POLICIES; policies += 1) {
    const text = randomPolicy(random);
    const policy = usable(text);
    const naive = policy && naiveReading(text);
    for (let request = 0; request < REQUESTS_PER_POLICY; request += 1) {
      const asked = randomRequest(random);
      if (policy && naive && decide(policy, asked).allow !== naive(asked))
        return `${asked.method} ${asked.uri}`;
    }
  }
  return undefined;
}

function usable(text: string): ReturnType<typeof parse> | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof PolicyError) return undefined;
    throw error;
  }
}
