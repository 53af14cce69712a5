import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { describeNeeding } from '../../../../test/support/describe-needing.ts';
import { sharedKey } from '../../testing/fixtures.ts';
import { codeOf } from '../../testing/throws.ts';
import { parsePem } from '../der/pem.ts';
import { encryptPrivateKey } from './encrypt-key.ts';
import { privateKeyToPem } from './key-pair.ts';
import { isEncryptedKey, readKeyPair } from './read-key.ts';

const PASSPHRASE = 'pässwörd 会社 🔑';
const key = sharedKey('ec-p256');
const pem = encryptPrivateKey(key, PASSPHRASE);

describe('encryptPrivateKey', () => {
  test('is opened by its passphrase', () => {
    expect(readKeyPair(pem, PASSPHRASE)).toEqual(key);
  });

  test('says that it is encrypted', () => {
    expect(isEncryptedKey(pem)).toBe(true);
    expect(isEncryptedKey(privateKeyToPem(key))).toBe(false);
  });

  test('never makes the same file twice', () => {
    expect(encryptPrivateKey(key, PASSPHRASE)).not.toBe(pem);
  });

  test.each(['', 'x'.repeat(1025)])('refuses a passphrase that could not be used again', (passphrase) => {
    expect(codeOf(() => encryptPrivateKey(key, passphrase))).toBe('CA_PASSPHRASE_INVALID');
  });

  test('uses PBES2 with PBKDF2-HMAC-SHA256, 600 000 rounds, and AES-256-CBC', () => {
    const [block] = parsePem(pem);
    const hex = block?.der.toString('hex') ?? '';
    expect(hex).toContain('06092a864886f70d01050d'); // PBES2
    expect(hex).toContain('02030927c0'); // 600 000
    expect(hex).toContain('300c06082a864886f70d02090500'); // hmacWithSHA256, NULL
    expect(hex).toContain('060960864801650304012a0410'); // aes256-CBC, 16 octets of IV
  });
});

describeNeeding(['openssl'], 'openssl', () => {
  test('opens it with the passphrase in UTF-8', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'key.pem');
    writeFileSync(file, pem, { mode: 0o600 });
    const { status, stdout } = spawnSync('openssl', ['pkcs8', '-in', file, '-passin', 'env:PHRASE'], {
      env: { ...process.env, PHRASE: PASSPHRASE },
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(stdout).toBe(privateKeyToPem(key));
  });

  test.each([['-v2', 'aes-256-cbc'], ['-scrypt'], ['-v1', 'PBE-SHA1-3DES']])(
    'encrypts with %s what we read',
    (...flags) => {
      const plain = ['pkcs8', '-topk8', ...flags, '-passout', 'env:PHRASE'];
      const env = { ...process.env, PHRASE: PASSPHRASE };
      const { stdout } = spawnSync('openssl', plain, { env, input: privateKeyToPem(key) });
      expect(readKeyPair(stdout, PASSPHRASE).privateKey).toEqual(key.privateKey);
    },
  );
});
