import { EVERYTHING, GROUPS, OPERATIONS } from '../operations/operation.ts';
import { listShape, recordShape, textShape, valueShape } from './shape.ts';
import type { RecordShape, Shape } from './shape.ts';

export const API_VERSION = 'docker-mtls/policy.v1';

const ROLE_NAME = '^[a-z][a-z0-9-]{0,62}$';
const NAME = '^[^\\u0000-\\u001f\\u007f]{1,128}$';
const HEX = '(?:[0-9A-Fa-f]{2}:?)';
const MOMENT = '^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$';

const roleName = textShape('the name of a role', ROLE_NAME);
const patternText = textShape('a name, in which * stands for any characters', NAME);
export const fingerprintShape: Shape = textShape(
  "the SHA-256 of a certificate's DER, in hexadecimal",
  `^${HEX}{31}[0-9A-Fa-f]{2}$`,
);
export const issuerShape: Shape = textShape(
  'the key identifier of the CA that issued the certificate',
  `^${HEX}{7,63}[0-9A-Fa-f]{2}$`,
);

/** A date, or a moment in UTC. */
export const momentShape: Shape = textShape('a date, or a moment in UTC', MOMENT);

const permission = valueShape('an operation, a group of operations, or everything', [
  EVERYTHING,
  ...[...GROUPS.keys()].map((group) => `@${group}`),
  ...OPERATIONS,
]);

/** An empty rule would limit nothing, which nobody means who writes one. */
const objects = recordShape(
  'the objects that the role is for',
  [],
  {
    names: listShape('names of containers, volumes, networks, services, secrets and configs', patternText, 1),
    labels: {
      kind: 'map',
      about: 'labels that an object must have',
      keys: NAME,
      of: textShape('a value', '^[^\\u0000-\\u001f\\u007f]{0,256}$'),
      least: 1,
    },
    images: listShape(
      'references of images, in which * stands for one segment and ** for several',
      patternText,
      1,
    ),
  },
  1,
);

const role = recordShape('a role', ['allow'], {
  inherits: listShape('roles whose permissions this one has as well', roleName, 1),
  allow: listShape('what the role may do', permission),
  objects,
  guards: valueShape('what has to be proven harmless to the host', ['restricted', 'baseline', 'none']),
  unknownFields: listShape(
    'members of request bodies that are permitted unchecked',
    textShape('the name of a member', '^[A-Za-z0-9]{1,64}$'),
    1,
  ),
});

const subject: Shape = {
  kind: 'choice',
  about: 'who has the role',
  of: [
    recordShape('by common name', ['cn'], { cn: patternText, issuer: issuerShape }),
    recordShape('by organizational unit', ['ou', 'issuer'], {
      ou: textShape('an organizational unit', NAME),
      issuer: issuerShape,
    }),
    recordShape('by URI of the subject alternative name', ['uri'], {
      uri: textShape('a URI', '^[\\u0021-\\u007e]{1,512}$'),
      issuer: issuerShape,
    }),
    recordShape('by certificate', ['fingerprint'], { fingerprint: fingerprintShape }),
  ],
};

const binding = recordShape('gives a role', ['role', 'subjects'], {
  role: roleName,
  subjects: listShape('who has the role', subject, 1),
  until: {
    ...momentShape,
    about: 'the moment from which the binding no longer holds; a date means its first second in UTC',
  },
});

const level = valueShape('how much is recorded', ['none', 'metadata', 'request']);

const audit = recordShape('what is recorded', [], {
  level,
  durability: valueShape('batch: on disk within 200 ms; sync: on disk before the answer', ['batch', 'sync']),
  rules: listShape(
    'the first that matches decides',
    recordShape('a rule', ['operations', 'level'], {
      operations: listShape('which operations', permission, 1),
      level,
    }),
  ),
});

export const POLICY_SHAPE: RecordShape = recordShape('A policy of docker-mtls', ['apiVersion', 'bindings'], {
  apiVersion: valueShape('the version of this format', [API_VERSION]),
  mode: valueShape('observe permits and records what enforce would deny', ['enforce', 'observe']),
  roles: { kind: 'map', about: 'own roles', keys: ROLE_NAME, of: role },
  bindings: listShape('who has which role', binding),
  local: textShape(
    'the role of clients without a certificate, on the unix socket; none refuses them',
    ROLE_NAME,
  ),
  audit,
  crl: recordShape('revocation lists', [], {
    stale: valueShape('what a list past its next update means', ['warn', 'deny']),
  }),
});
