import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { describeNeeding } from '../../../../test/support/describe-needing.ts';
import { makeAuthority, makeLeaf, sharedKey } from '../../testing/fixtures.ts';
import { KEY_TYPES } from '../keys/key-type.ts';
import { createCrl } from '../crl/create-crl.ts';
import { createCertificationRequest } from '../request/create-request.ts';

const folder = temporaryFolder();

function openssl(...args: string[]): string {
  const { stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  return stdout + stderr;
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

describeNeeding(['openssl'], 'openssl', () => {
  describe.each(KEY_TYPES)('strictly, with %s keys', (type) => {
    const now = new Date();
    const keyPair = sharedKey(type);
    const authority = makeAuthority({ name: 'Bücher CA', keyPair, now });
    const ca = file(`${type}-ca.pem`, authority.certificate.pem);
    const longName = `${'a'.repeat(60)}.example.com`;
    const leaves = {
      server: makeLeaf(authority, {
        kind: 'server',
        keyPair,
        now,
        sans: ['node1.example.com', 'bücher.example', '::1'],
      }),
      'server-long': makeLeaf(authority, {
        kind: 'server',
        keyPair,
        now,
        commonName: longName,
        sans: [longName],
      }),
      client: makeLeaf(authority, {
        kind: 'client',
        keyPair,
        now,
        commonName: 'ü'.repeat(64),
        groups: ['ops'],
      }),
    };

    test.each([
      ['server', 'sslserver', true],
      ['server', 'sslclient', false],
      ['server-long', 'sslserver', true],
      ['client', 'sslclient', true],
      ['client', 'sslserver', false],
    ] as const)('%s as %s: %s', (name, purpose, isGood) => {
      const leaf = file(`${type}-${name}.pem`, leaves[name].pem);
      const said = openssl('verify', '-x509_strict', '-purpose', purpose, '-CAfile', ca, leaf);
      expect(said.trim().endsWith(': OK')).toBe(isGood);
    });

    test('takes the revocation list, and refuses who is on it', () => {
      const { serial } = leaves.client.info;
      const next = new Date(now.getTime() + 86_400_000);
      const dates = { thisUpdate: now, nextUpdate: next };
      const crl = createCrl(authority, {
        number: 1,
        ...dates,
        revoked: [{ serial, revokedAt: now, reason: 'keyCompromise' }],
      });
      const list = file(`${type}.crl`, crl.pem);
      expect(openssl('crl', '-in', list, '-CAfile', ca, '-noout')).toContain('verify OK');
      const check = ['verify', '-x509_strict', '-crl_check', '-CRLfile', list, '-CAfile', ca];
      expect(openssl(...check, file(`${type}-revoked.pem`, leaves.client.pem))).toContain(
        'certificate revoked',
      );
      expect(openssl(...check, file(`${type}-other.pem`, leaves.server.pem))).toContain(': OK');
    });

    test('takes the request', () => {
      const { pem } = createCertificationRequest(keyPair, { commonName: 'node1' });
      const said = openssl(
        'req',
        '-in',
        file(`${type}.csr`, pem),
        '-verify',
        '-noout',
        '-subject',
        '-nameopt',
        'RFC2253',
      );
      expect(said).toContain('verify OK');
      expect(said).toContain('subject=CN=node1');
    });
  });
});
