import { quote } from '@docker-mtls/errors';
import { plainHex } from '../decide/certificate-subject.ts';
import type { Found, FoundObject, PolicyRequest, Subject } from '../decide/request.ts';
import { checkShape } from '../document/check-shape.ts';
import { momentOf } from '../document/parse.ts';
import { readYaml } from '../document/read-yaml.ts';
import type { Fail, Located, YamlLimits } from '../document/read-yaml.ts';
import { entriesOf, itemsOf, textOf, textsOf, valueIn } from '../document/values.ts';
import type { GuardName } from '../guards.ts';
import type { PolicyCase } from './case.ts';
import { CASES_SHAPE, CERTIFICATE_SHAPE } from './case-shape.ts';

const LIMITS: YamlLimits = {
  what: 'the list of cases',
  code: 'POLICY_CASES_INVALID',
  largest: 1024 * 1024,
  deepest: 40,
  tooLarge: 'split the file',
};

/** Of a certificate that the case does not describe. */
const SOME_ISSUER = 'f'.repeat(16);
const SOME_FINGERPRINT = '0'.repeat(64);

type Reader = { readonly fail: Fail; readonly now: number };

/**
 * Reads a list of cases: each entry is a case for each of its bodies and request lines. `now`, in milliseconds since 1970, is
 * the moment of those that have no `at`. Whatever is not exactly right ends with line and column: `POLICY_CASES_INVALID`.
 */
export function parseCases(text: string, { now }: { readonly now: number }): readonly PolicyCase[] {
  const { root, fail, placeOf } = readYaml(text, LIMITS);
  checkShape(root, CASES_SHAPE, fail);
  return itemsOf(root).flatMap((entry) => casesOf(entry, placeOf(entry.offset).line, { fail, now }));
}

function casesOf(entry: Located, line: number, reader: Reader): readonly PolicyCase[] {
  const { method, uris } = sendOf(entry, reader);
  const bodies = bodiesOf(entry, reader);
  const shared = {
    about: textOf(valueIn(entry, 'about')) ?? '',
    line,
    unanswered: flagOf(valueIn(entry, 'unanswered'), reader) ?? false,
    expected: textOf(valueIn(entry, 'expect')) === 'allow' ? ('allow' as const) : ('deny' as const),
    guard: textOf(valueIn(entry, 'guard')) as GuardName | undefined,
  };
  const base = {
    subject: subjectOf(valueIn(entry, 'as'), reader),
    method,
    now: momentOf(valueIn(entry, 'at'), reader.fail) ?? reader.now,
    engine: { unpacksSafely: flagOf(valueIn(valueIn(entry, 'engine'), 'unpacksSafely'), reader) ?? false },
    found: itemsOf(valueIn(entry, 'found')).map((found) => foundOf(found, reader)),
  };
  return uris.flatMap((uri) =>
    bodies.map((body, index): PolicyCase => {
      const request: PolicyRequest = { ...base, uri, headers: headersOf(entry, body, reader), body };
      const number = bodies.length === 1 ? '' : ` body ${index + 1}`;
      return { ...shared, variant: `${method} ${uri}${number}`, request };
    }),
  );
}

function sendOf(
  entry: Located,
  { fail }: Reader,
): { readonly method: string; readonly uris: readonly string[] } {
  const send = textOf(valueIn(entry, 'send')) ?? '';
  const space = send.indexOf(' ');
  const listed = textsOf(valueIn(entry, 'uris'));
  if ((space === -1) === (listed === undefined))
    fail(
      valueIn(entry, 'send')?.offset ?? entry.offset,
      'a request line here, or uris',
      'write one of the two',
    );
  return space === -1
    ? { method: send, uris: listed ?? [] }
    : { method: send.slice(0, space), uris: [send.slice(space + 1)] };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function bodiesOf(entry: Located, reader: Reader): readonly (Uint8Array | undefined)[] {
  const all = [
    ...itemsOf(valueIn(entry, 'bodies')).map((body) => encode(JSON.stringify(jsonOf(body, reader)))),
    ...(textsOf(valueIn(entry, 'texts')) ?? []).map(encode),
    ...(textsOf(valueIn(entry, 'base64')) ?? []).map((text) => Uint8Array.from(Buffer.from(text, 'base64'))),
  ];
  return all.length === 0 ? [undefined] : all;
}

/** YAML has numbers that JSON does not, and some that lose digits here. */
function jsonOf(value: Located, reader: Reader): unknown {
  switch (value.kind) {
    case 'text':
      return value.value;
    case 'list':
      return value.items.map((item) => jsonOf(item, reader));
    case 'map':
      return Object.fromEntries(
        entriesOf(value).map(([name, member]) => [name, jsonOf(member.value, reader)]),
      );
    case 'other': {
      const isExact =
        typeof value.value !== 'number' || (Number.isFinite(value.value) && isExactly(value.value));
      if (!isExact)
        reader.fail(value.offset, 'a number that JSON or a float has not', 'write the body in texts');
      return value.value;
    }
  }
}

function isExactly(number: number): boolean {
  return !Number.isInteger(number) || Number.isSafeInteger(number);
}

/** A body comes as JSON of its length, and none as a length of 0, unless the case says something else. */
function headersOf(entry: Located, body: Uint8Array | undefined, { fail }: Reader): Record<string, string> {
  const headers: Record<string, string> =
    body === undefined
      ? { 'Content-Length': '0' }
      : { 'Content-Type': 'application/json', 'Content-Length': String(body.length) };
  for (const [name, { value }] of entriesOf(valueIn(entry, 'headers'))) {
    if (value.kind === 'other' && value.value === null) delete headers[name];
    else
      headers[name] =
        textOf(value) ?? fail(value.offset, `the header ${quote(name)} is not text`, 'use quotes');
  }
  return headers;
}

function subjectOf(as: Located | undefined, { fail }: Reader): Subject {
  const name = textOf(as);
  if (name === 'local') return { kind: 'local' };
  if (as !== undefined && name === undefined) checkShape(as, CERTIFICATE_SHAPE, fail);
  return {
    kind: 'certificate',
    commonName: name ?? textOf(valueIn(as, 'cn')) ?? '',
    organizationalUnits: textsOf(valueIn(as, 'ou')) ?? [],
    uris: textsOf(valueIn(as, 'uri')) ?? [],
    issuer: plainHex(textOf(valueIn(as, 'issuer')) ?? SOME_ISSUER),
    fingerprint: plainHex(textOf(valueIn(as, 'fingerprint')) ?? SOME_FINGERPRINT),
  };
}

function foundOf(found: Located, reader: Reader): Found {
  const object = valueIn(found, 'object');
  return {
    kind: (textOf(valueIn(found, 'kind')) ?? '') as Found['kind'],
    reference: textOf(valueIn(found, 'reference')) ?? '',
    ...(object !== undefined && { object: objectOf(object, reader) }),
  };
}

function objectOf(object: Located, reader: Reader): FoundObject {
  const privileged = flagOf(valueIn(object, 'privileged'), reader);
  const texts = Object.fromEntries(
    ['driver', 'container', 'user'].flatMap((name) => {
      const value = textOf(valueIn(object, name));
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const options = valueIn(object, 'options');
  return {
    name: textOf(valueIn(object, 'name')) ?? '',
    labels: textsByName(valueIn(object, 'labels')),
    ...texts,
    ...(options !== undefined && { options: textsByName(options) }),
    ...(privileged !== undefined && { privileged }),
  };
}

function textsByName(value: Located | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(entriesOf(value).map(([name, member]) => [name, textOf(member.value) ?? '']));
}

function flagOf(value: Located | undefined, { fail }: Reader): boolean | undefined {
  if (value === undefined) return undefined;
  if (value.kind === 'other' && typeof value.value === 'boolean') return value.value;
  return fail(value.offset, 'expected true or false', 'use true or false, without quotes');
}
