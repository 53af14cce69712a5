import { describe, expect, test } from '@jest/globals';
import { isLetIn, isRejection } from './judge.ts';
import type { ProbeOutcome } from './outcome.ts';
import type { StrangerKind } from './order.ts';

const FINGERPRINT = 'ab'.repeat(32);
const presented = { fingerprint: FINGERPRINT, der: Buffer.alloc(0) };
const alert = (name: string): ProbeOutcome => ({ kind: 'rejected', detail: '', alert: name, presented });

const KINDS = ['no-certificate', 'foreign-ca', 'expired', 'server-certificate'] as const;
const ALERTS: Readonly<Record<string, readonly StrangerKind[]>> = {
  bad_certificate: KINDS,
  certificate_required: ['no-certificate'],
  handshake_failure: ['no-certificate'],
  unknown_ca: ['foreign-ca'],
  certificate_expired: ['expired'],
  unsupported_certificate: ['server-certificate'],
  certificate_unknown: [],
  certificate_revoked: [],
  access_denied: [],
  decrypt_error: [],
  decode_error: [],
  internal_error: [],
  protocol_version: [],
  unrecognized_name: [],
  close_notify: [],
};

describe('an alert is a rejection only of the client whose fault it names', () => {
  test.each(Object.entries(ALERTS))('%s', (name, kinds) => {
    expect(KINDS.filter((kind) => isRejection(kind, alert(name), FINGERPRINT))).toEqual(kinds);
  });
});

describe('an alert that is right is no rejection', () => {
  const right = alert('bad_certificate');
  test.each<[string, ProbeOutcome]>([
    ['from a server that presented nothing', { kind: 'rejected', detail: '', alert: 'bad_certificate' }],
    [
      'from a server that presented another certificate',
      { ...right, presented: { ...presented, fingerprint: 'cd'.repeat(32) } },
    ],
    [
      'from a server that asked for no certificate',
      { ...right, presented: { ...presented, request: { isMade: false, authorities: [] } } },
    ],
    ['when it came after the request', { ...right, kind: 'unclear' }],
  ])('%s', (_, outcome) => {
    expect(isRejection('no-certificate', outcome, FINGERPRINT)).toBe(false);
    expect(isRejection('no-certificate', right, FINGERPRINT)).toBe(true);
  });
});

test.each(['closed', 'silent', 'unreachable', 'mistrusted', 'unclear', 'answered', 'accepted'] as const)(
  'over TLS, a connection that ends as %s is no rejection',
  (kind) => {
    const outcome: ProbeOutcome = { kind, detail: '', presented };
    expect(KINDS.filter((stranger) => isRejection(stranger, outcome, FINGERPRINT))).toEqual([]);
  },
);

test.each([
  ['closed', true],
  ['rejected', true],
  ['silent', false],
  ['answered', false],
  ['accepted', false],
  ['mistrusted', false],
  ['unreachable', false],
] as const)('over plain HTTP, a connection that ends as %s is a rejection: %s', (kind, expected) => {
  expect(isRejection('plain-http', { kind, detail: '' }, '')).toBe(expected);
});

describe('a client was let in', () => {
  test.each<[string, ProbeOutcome, boolean]>([
    ['that got the answer of an engine', { kind: 'accepted', detail: '' }, true],
    ['that got any HTTP answer', { kind: 'answered', detail: 'HTTP 403' }, true],
    [
      'whose TLS 1.2 handshake was finished',
      {
        kind: 'closed',
        detail: '',
        isConnected: true,
        presented: { ...presented, request: { isMade: true, authorities: [] } },
      },
      true,
    ],
    [
      'whose TLS 1.3 handshake looked finished',
      { kind: 'closed', detail: '', isConnected: true, presented },
      false,
    ],
    [
      'unless another server answered',
      { kind: 'mistrusted', detail: '', isConnected: true, presented },
      false,
    ],
    ['unless an alert came', alert('unknown_ca'), false],
  ])('%s', (_, outcome, expected) => {
    expect(isLetIn('no-certificate', outcome)).toBe(expected);
  });
});
