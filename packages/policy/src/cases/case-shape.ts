import { issuer, fingerprint, list, moment, one, record, text } from '../document/policy-shape.ts';
import type { Shape } from '../document/shape.ts';
import { GUARD_NAMES } from '../guards.ts';

const ANYTHING = '^[\\s\\S]*$';
const LINE = '^[^\\u0000-\\u001f\\u007f]+$';

const line = text('a line of text', LINE);
const bytes = text('text', ANYTHING);

const found = record('what the engine answers about an object', ['kind', 'reference'], {
  kind: one('the kind of object', [
    'container',
    'exec',
    'volume',
    'network',
    'service',
    'task',
    'secret',
    'config',
  ]),
  reference: text('what the request calls the object', ANYTHING),
  object: record('the object; omit it where there is none', ['name', 'labels'], {
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
export const CERTIFICATE_SHAPE: Shape = record('a certificate', ['cn'], {
  cn: line,
  ou: list('organizational units', line),
  uri: list('URIs', line),
  issuer,
  fingerprint,
});

/** A list of cases. conformance/cases.yaml says what each member means. */
export const CASES_SHAPE: Shape = list(
  'cases',
  record('a case', ['about', 'as', 'send', 'expect'], {
    about: line,
    as: { kind: 'any', about: 'a common name, a certificate, or local' },
    send: text('a method, and a request line after a space', '^[A-Za-z]+(?: [\\s\\S]*)?$'),
    uris: list('request lines', bytes, 1),
    bodies: list('bodies, sent as JSON', { kind: 'any', about: 'a value of JSON' }, 1),
    texts: list('bodies, sent as they are', bytes, 1),
    base64: list('bodies in base64', text('base64', '^[A-Za-z0-9+/]*={0,2}$'), 1),
    headers: {
      kind: 'map',
      about: 'headers; null omits one',
      keys: '^[A-Za-z0-9-]+$',
      of: { kind: 'any', about: 'a value, or null' },
    },
    found: list('what the engine answers about objects', found, 1),
    unanswered: { kind: 'any', about: 'true or false' },
    engine: record('what is known of the engine', [], {
      unpacksSafely: { kind: 'any', about: 'true or false' },
    }),
    at: moment,
    expect: one('allow or deny', ['allow', 'deny']),
    guard: one('a guard', GUARD_NAMES),
  }),
  1,
);
