import { EVERYTHING, GROUPS, OPERATIONS } from '../operations/operation.ts';
import type { RecordShape, Shape } from './shape.ts';

export const API_VERSION = 'docker-mtls/policy.v1';

const ROLE_NAME = '^[a-z][a-z0-9-]{0,62}$';
const NAME = '^[^\\u0000-\\u001f\\u007f]{1,128}$';
const HEX = '(?:[0-9A-Fa-f]{2}:?)';
const MOMENT = '^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$';

export function text(about: string, pattern: string): Shape {
  return { kind: 'text', about, pattern };
}

export function one(about: string, values: readonly string[]): Shape {
  return { kind: 'text', about, values };
}

export function list(about: string, of: Shape, least = 0): Shape {
  return { kind: 'list', about, of, least };
}

export function record(
  about: string,
  required: readonly string[],
  fields: Record<string, Shape>,
): RecordShape {
  return { kind: 'record', about, required, fields };
}

const roleName = text('the name of a role', ROLE_NAME);
const patternText = text('a name, in which * stands for any characters', NAME);
export const fingerprint: Shape = text(
  "the SHA-256 of a certificate's DER, in hexadecimal",
  `^${HEX}{31}[0-9A-Fa-f]{2}$`,
);
export const issuer: Shape = text(
  'the key identifier of the CA that issued the certificate',
  `^${HEX}{7,63}[0-9A-Fa-f]{2}$`,
);

/** A date, or a moment in UTC. */
export const moment: Shape = text('a date, or a moment in UTC', MOMENT);

const permission = one('an operation, a group of operations, or everything', [
  EVERYTHING,
  ...[...GROUPS.keys()].map((group) => `@${group}`),
  ...OPERATIONS,
]);

const objects = record('the objects that the role is for', [], {
  names: list('names of containers, volumes, networks, services, secrets and configs', patternText, 1),
  labels: {
    kind: 'map',
    about: 'labels that an object must have',
    keys: NAME,
    of: text('a value', '^[^\\u0000-\\u001f\\u007f]{0,256}$'),
  },
  images: list('references of images, in which * stands for one segment and ** for several', patternText, 1),
});

const role = record('a role', ['allow'], {
  inherits: list('roles whose permissions this one has as well', roleName, 1),
  allow: list('what the role may do', permission),
  objects,
  guards: one('what has to be proven harmless to the host', ['restricted', 'baseline', 'none']),
  unknownFields: list(
    'members of request bodies that are permitted unchecked',
    text('the name of a member', '^[A-Za-z0-9]{1,64}$'),
    1,
  ),
});

const subject: Shape = {
  kind: 'choice',
  about: 'who has the role',
  of: [
    record('by common name', ['cn'], { cn: patternText, issuer }),
    record('by organizational unit', ['ou', 'issuer'], { ou: text('an organizational unit', NAME), issuer }),
    record('by URI of the subject alternative name', ['uri'], {
      uri: text('a URI', '^[\\u0021-\\u007e]{1,512}$'),
      issuer,
    }),
    record('by certificate', ['fingerprint'], { fingerprint }),
  ],
};

const binding = record('gives a role', ['role', 'subjects'], {
  role: roleName,
  subjects: list('who has the role', subject, 1),
  until: {
    ...moment,
    about: 'the moment from which the binding no longer holds; a date means its first second in UTC',
  },
});

const level = one('how much is recorded', ['none', 'metadata', 'request']);

const audit = record('what is recorded', [], {
  level,
  durability: one('batch: on disk within 200 ms; sync: on disk before the answer', ['batch', 'sync']),
  rules: list(
    'the first that matches decides',
    record('a rule', ['operations', 'level'], { operations: list('which operations', permission, 1), level }),
  ),
});

export const POLICY_SHAPE: RecordShape = record('A policy of docker-mtls', ['apiVersion', 'bindings'], {
  apiVersion: one('the version of this format', [API_VERSION]),
  mode: one('observe permits and records what enforce would deny', ['enforce', 'observe']),
  roles: { kind: 'map', about: 'own roles', keys: ROLE_NAME, of: role },
  bindings: list('who has which role', binding),
  local: text('the role of clients without a certificate, on the unix socket; none refuses them', ROLE_NAME),
  audit,
  crl: record('revocation lists', [], {
    stale: one('what a list past its next update means', ['warn', 'deny']),
  }),
});
