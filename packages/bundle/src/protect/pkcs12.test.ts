import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readCertificate } from '@docker-mtls/ca';
import { describeNeeding } from '../../../../test/support/describe-needing.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { issuePair, makeAuthority } from '../../../../test/support/test-ca.ts';
import { type BundleFiles } from '../layout/pack-bundle.ts';
import { packPkcs12 } from './pkcs12.ts';

const PASSPHRASE = 'correct "horse" $battery';
const CA = makeAuthority('our CA', 'ec-p256');
const folder = temporaryFolder();

const KEY_TYPES = ['ec-p256', 'ec-p384', 'ed25519', 'rsa-2048'] as const;

type Packed = { readonly file: string; readonly files: BundleFiles & { readonly key: string } };

/** Made once for each type of key: the passphrase is slow on purpose. */
const made = new Map<string, Promise<Packed>>();

function packed(keyType: (typeof KEY_TYPES)[number]): Promise<Packed> {
  const known = made.get(keyType) ?? pack(keyType);
  made.set(keyType, known);
  return known;
}

async function pack(keyType: (typeof KEY_TYPES)[number]): Promise<Packed> {
  const files = { ca: CA.pem, ...issuePair(CA.authority, 'client', { name: 'alice', keyType }) };
  const file = path.join(folder, `${keyType}.p12`);
  fs.writeFileSync(file, await packPkcs12({ name: 'alice', files, passphrase: PASSPHRASE }));
  return { file, files };
}

function output(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
}

describe('packPkcs12', () => {
  test.each(['', 'pässword', 'a\nb'])(
    'refuses the passphrase %j, which programs read in different ways',
    async (passphrase) => {
      const files = { ca: CA.pem, ...issuePair(CA.authority, 'client', { name: 'alice' }) };
      await expect(packPkcs12({ name: 'alice', files, passphrase })).rejects.toMatchObject({
        code: 'BUNDLE_PASSPHRASE_INVALID',
      });
    },
  );
});

describeNeeding(['openssl'], 'openssl', () => {
  test.each(KEY_TYPES)('opens one with a key of type %s', async (keyType) => {
    const { file, files } = await packed(keyType);
    const read = (...flags: string[]): string =>
      output('openssl', 'pkcs12', '-in', file, '-passin', `pass:${PASSPHRASE}`, ...flags);
    expect(read('-nocerts', '-noenc')).toContain(files.key.trim());
    expect(read('-nokeys', '-clcerts')).toContain(files.certificate.trim());
    expect(read('-nokeys', '-cacerts')).toContain(files.ca.trim());
    expect(read('-nocerts', '-noenc')).toContain('friendlyName: alice');
  });

  test('finds modern algorithms only', async () => {
    const { file } = await packed('ec-p256');
    const { stderr } = spawnSync(
      'openssl',
      ['pkcs12', '-in', file, '-passin', `pass:${PASSPHRASE}`, '-info', '-noout'],
      { encoding: 'utf8' },
    );
    expect(stderr).toContain('MAC: sha256, Iteration 100000');
    expect(stderr).toContain(
      'Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256',
    );
    expect(stderr).toContain(
      'Encrypted data: PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256',
    );
  });

  test('refuses another passphrase', async () => {
    const { file } = await packed('ec-p256');
    expect(spawnSync('openssl', ['pkcs12', '-in', file, '-passin', 'pass:wrong', '-noout']).status).toBe(1);
  });
});

describeNeeding(['keytool', 'openssl'], "Java's keytool", () => {
  test.each(KEY_TYPES)('opens one with a key of type %s', async (keyType) => {
    const { file, files } = await packed(keyType);
    // Signing is the proof that Java can use the key, not only list it.
    const stored = ['-keystore', file, '-storepass', PASSPHRASE];
    const request = output('keytool', '-certreq', '-alias', 'alice', ...stored);
    expect(spki('req', request)).toBe(spki('x509', files.certificate));
  });

  test("finds the certificate's CA in its chain", async () => {
    const { file } = await packed('ec-p256');
    const listing = output('keytool', '-list', '-v', '-keystore', file, '-storepass', PASSPHRASE);
    expect(listing).toContain('Certificate chain length: 2');
  });

  test('finds the CA as a certificate to trust, so that the file is a trust store too', async () => {
    const { file } = await packed('ec-p256');
    const listing = output('keytool', '-list', '-keystore', file, '-storepass', PASSPHRASE);
    expect(listing).toMatch(/^alice-ca, .*trustedCertEntry/m);
    expect(listing).toMatch(/^alice, .*PrivateKeyEntry/m);
  });
});

function spki(kind: 'req' | 'x509', input: string): string {
  return execFileSync('openssl', [kind, '-noout', '-pubkey'], { input, encoding: 'utf8' });
}

describeNeeding(['tools of NSS'], "NSS's pk12util", () => {
  // NSS in Debian 12 lists an Ed25519 key and cannot import it.
  test.each(KEY_TYPES.filter((keyType) => keyType !== 'ed25519'))(
    'imports one with a key of type %s',
    async (keyType) => {
      const { file, files } = await packed(keyType);
      const database = temporaryFolder();
      const passwords = path.join(database, 'passphrase');
      fs.writeFileSync(passwords, PASSPHRASE, { mode: 0o600 });
      output('certutil', '-N', '-d', database, '--empty-password');
      output('pk12util', '-i', file, '-d', database, '-w', passwords);
      expect(output('certutil', '-K', '-d', database)).toContain('alice');
      const der = execFileSync('certutil', ['-L', '-d', database, '-n', 'alice', '-r']);
      expect(der).toEqual(readCertificate(files.certificate).der);
    },
  );

  test('lists one with an Ed25519 key', async () => {
    const { file } = await packed('ed25519');
    expect(output('pk12util', '-l', file, '-W', PASSPHRASE)).toContain('Friendly Name: alice');
  });
});
