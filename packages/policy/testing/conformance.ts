import fs from 'node:fs';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import type { Found, PolicyRequest, Subject } from '@docker-mtls/policy';

const FOLDER = path.join(import.meta.dirname, '../conformance');

/** One entry of cases.yaml, which describes its members. */
type Entry = {
  readonly about: string;
  readonly as:
    | string
    | {
        readonly cn: string;
        readonly ou?: string[];
        readonly uri?: string[];
        readonly issuer?: string;
        readonly fingerprint?: string;
      };
  readonly send: string;
  readonly uris?: readonly string[];
  readonly bodies?: readonly unknown[];
  readonly texts?: readonly string[];
  readonly base64?: readonly string[];
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly found?: readonly Found[];
  readonly engine?: PolicyRequest['engine'];
  readonly expect: 'allow' | 'deny';
  readonly guard?: string;
};

export type Case = {
  readonly title: string;
  readonly request: PolicyRequest;
  readonly expected: 'allow' | 'deny';
  readonly guard: string | undefined;
};

const NOW = Date.UTC(2026, 5, 1);
const FINGERPRINT = '0'.repeat(64);

export function readPolicyText(): string {
  return fs.readFileSync(path.join(FOLDER, 'policy.yaml'), 'utf8');
}

/** Every case of cases.yaml. */
export function readCases(): readonly Case[] {
  const entries = parseYaml(fs.readFileSync(path.join(FOLDER, 'cases.yaml'), 'utf8')) as Entry[];
  return entries.flatMap(casesOf);
}

/** Asks about each case: what an implementation answers differently. */
export async function disagreements(
  cases: readonly Case[],
  ask: (request: PolicyRequest) => Promise<boolean> | boolean,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { title, request, expected } of cases) {
    if ((await ask(request)) !== (expected === 'allow')) wrong.push(`${title}: expected ${expected}`);
  }
  return wrong;
}

function casesOf(entry: Entry): readonly Case[] {
  const space = entry.send.indexOf(' ');
  const method = space === -1 ? entry.send : entry.send.slice(0, space);
  const uris = entry.uris ?? [entry.send.slice(space + 1).replace(/^'(.*)'$/, '$1')];
  return uris.flatMap((uri) =>
    bodiesOf(entry).map((body, index): Case => {
      const text = body === undefined ? '' : new TextDecoder().decode(body);
      return {
        title: `${entry.about} (${method} ${JSON.stringify(uri)} ${index + 1} ${text})`.slice(0, 300),
        request: {
          subject: subjectOf(entry.as),
          method,
          uri,
          headers: headersOf(entry, body),
          body,
          now: NOW,
          engine: entry.engine ?? { unpacksSafely: false },
          found: entry.found ?? [],
        },
        expected: entry.expect,
        guard: entry.guard,
      };
    }),
  );
}

function bodiesOf({ bodies = [], texts = [], base64 = [] }: Entry): readonly (Uint8Array | undefined)[] {
  const all = [
    ...bodies.map((body) => Buffer.from(JSON.stringify(body))),
    ...texts.map((text) => Buffer.from(text)),
    ...base64.map((text) => Buffer.from(text, 'base64')),
  ];
  return all.length === 0 ? [undefined] : all;
}

function headersOf({ headers = {} }: Entry, body: Uint8Array | undefined): Record<string, string> {
  const usual =
    body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': String(body.length) };
  const all: Record<string, string | null> = { ...usual, ...headers };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}

function subjectOf(as: Entry['as']): Subject {
  if (as === 'local') return { kind: 'local' };
  const {
    cn,
    ou = [],
    uri = [],
    issuer = 'ffffffffffffffff',
    fingerprint = FINGERPRINT,
  } = typeof as === 'string' ? { cn: as } : as;
  return { kind: 'certificate', commonName: cn, organizationalUnits: ou, uris: uri, fingerprint, issuer };
}
