import { createPrivateKey } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { issuePair, makeAuthority } from '../../../../test/support/test-ca.ts';
import { packBundle } from '../layout/pack-bundle.ts';
import { joinKey } from './join-key.ts';
import type { WholeBundle } from './join-key.ts';
import { openBundle } from './open-bundle.ts';

const CA = makeAuthority('our CA', 'ec-p256');
const [ALICE, BOB] = ['alice', 'bob'].map((name) => issuePair(CA.authority, 'client', { name }));
if (ALICE === undefined || BOB === undefined) throw new Error('two pairs');
const { key, certificate } = ALICE;
const others = BOB.key;
const encrypted = String(
  createPrivateKey(key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }),
);

function join(files: { readonly key?: string }, own: string | undefined): WholeBundle {
  const archive = packBundle({ ca: CA.pem, certificate, ...files }, { layout: 'flat' });
  return joinKey(
    openBundle(archive, { now: new Date() }),
    own === undefined ? undefined : () => Buffer.from(own),
  );
}

describe('a bundle and the key of its client', () => {
  test.each([
    ['its own key', { key }, undefined],
    ['certificates only', {}, key],
  ])('are one bundle: with %s', (_, files, own) => {
    expect(join(files, own)).toMatchObject({ client: 'alice', files: { certificate, key } });
  });

  test.each([
    ['there is none', {}, undefined, 'BUNDLE_KEY_ELSEWHERE'],
    ['there are two', { key }, key, 'BUNDLE_KEY_INSIDE'],
    ['it is of another certificate', {}, others, 'BUNDLE_PAIR_MISMATCH'],
    ['it is no key', {}, 'notes', 'BUNDLE_KEY_INVALID'],
  ])('are refused where %s', (_, files, own, code) => {
    expect(() => join(files, own)).toThrow(expect.objectContaining({ code }));
  });

  test.each([
    ['is encrypted', encrypted, 'BUNDLE_KEY_ENCRYPTED'],
    ['is no PEM', 'notes', 'BUNDLE_KEY_INVALID'],
  ])('a key of their own that %s is not for the sender to replace', (_, own, code) => {
    const hint = expect.stringContaining('openssl pkey -in KEYFILE');
    expect(() => join({}, own)).toThrow(expect.objectContaining({ code, hint }));
  });
});
