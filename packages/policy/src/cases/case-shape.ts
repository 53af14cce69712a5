import { fingerprintShape, issuerShape, momentShape } from '../document/policy-shape.ts';
import { listShape, recordShape, textShape, valueShape } from '../document/shape.ts';
import type { Shape } from '../document/shape.ts';
import { GUARD_NAMES } from '../guards.ts';

const ANYTHING = '^[\\s\\S]*$';
const LINE = '^[^\\u0000-\\u001f\\u007f]+$';

const line = textShape('a line of text', LINE);
const bytes = textShape('text', ANYTHING);

const found = recordShape('what the engine answers about an object', ['kind', 'reference'], {
  kind: valueShape('the kind of object', [
    'container',
    'exec',
    'volume',
    'network',
    'service',
    'task',
    'secret',
    'config',
  ]),
  reference: textShape('what the request calls the object', ANYTHING),
  object: recordShape('the object; omit it where there is none', ['name', 'labels'], {
    name: bytes,
    labels: { kind: 'map', about: 'labels', keys: ANYTHING, of: bytes },
    driver: bytes,
    options: { kind: 'map', about: 'options', keys: ANYTHING, of: bytes },
    container: bytes,
    privileged: { kind: 'any', about: 'true or false' },
    user: bytes,
  }),
});

/** The certificate of a client, where its name alone is not enough. */
export const CERTIFICATE_SHAPE: Shape = recordShape('a certificate', ['cn'], {
  cn: line,
  ou: listShape('organizational units', line),
  uri: listShape('URIs', line),
  issuer: issuerShape,
  fingerprint: fingerprintShape,
});

/** A list of cases. conformance/cases.yaml says what each member means. */
export const CASES_SHAPE: Shape = listShape(
  'cases',
  recordShape('a case', ['about', 'as', 'send', 'expect'], {
    about: line,
    as: { kind: 'any', about: 'a common name, a certificate, or local' },
    send: textShape('a method, and a request line after a space', '^[A-Za-z]+(?: [\\s\\S]*)?$'),
    uris: listShape('request lines', bytes, 1),
    bodies: listShape('bodies, sent as JSON', { kind: 'any', about: 'a value of JSON' }, 1),
    texts: listShape('bodies, sent as they are', bytes, 1),
    base64: listShape('bodies in base64', textShape('base64', '^[A-Za-z0-9+/]*={0,2}$'), 1),
    headers: {
      kind: 'map',
      about: 'headers; null omits one',
      keys: '^[A-Za-z0-9-]+$',
      of: { kind: 'any', about: 'a value, or null' },
    },
    found: listShape('what the engine answers about objects', found, 1),
    unanswered: { kind: 'any', about: 'true or false' },
    engine: recordShape('what is known of the engine', [], {
      unpacksSafely: { kind: 'any', about: 'true or false' },
    }),
    at: momentShape,
    expect: valueShape('allow or deny', ['allow', 'deny']),
    guard: valueShape('a guard', GUARD_NAMES),
  }),
  1,
);
