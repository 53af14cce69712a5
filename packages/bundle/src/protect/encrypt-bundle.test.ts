import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { describeNeeding } from '../../../../test/support/describe-needing.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { isEncrypted, readArchive } from '../archive/read-archive.ts';
import { packBundle } from '../layout/pack-bundle.ts';
import { decryptBundle, encryptBundle } from './encrypt-bundle.ts';

const ARCHIVE = packBundle({ ca: 'ca', certificate: 'cert', key: 'key' }, { layout: 'flat' });
const IDENTITY = await generateIdentity();
const RECIPIENT = await identityToRecipient(IDENTITY);
const OTHER = await generateIdentity();
const OTHER_RECIPIENT = await identityToRecipient(OTHER);
/** Made once: the passphrase is slow on purpose. */
const LOCKED = encryptBundle(ARCHIVE, { passphrase: 'correct horse' });

describe('encryptBundle', () => {
  test('for a passphrase, which opens it and no other does', async () => {
    const encrypted = await LOCKED;
    expect(await decryptBundle(encrypted, { passphrase: 'correct horse' })).toEqual(ARCHIVE);
    await expect(decryptBundle(encrypted, { passphrase: 'wrong' })).rejects.toMatchObject({
      code: 'BUNDLE_NOT_OPENED',
    });
  });

  test('for several recipients, each of whom can open it', async () => {
    const encrypted = await encryptBundle(ARCHIVE, { recipients: [RECIPIENT, OTHER_RECIPIENT] });
    expect(await decryptBundle(encrypted, { identities: [IDENTITY] })).toEqual(ARCHIVE);
    expect(await decryptBundle(encrypted, { identities: [OTHER] })).toEqual(ARCHIVE);
  });

  test('for one recipient, and no other can open it', async () => {
    const encrypted = await encryptBundle(ARCHIVE, { recipients: [RECIPIENT] });
    await expect(decryptBundle(encrypted, { identities: [OTHER] })).rejects.toMatchObject({
      code: 'BUNDLE_NOT_OPENED',
    });
  });

  test("so that the archive's reader says what to do", async () => {
    const encrypted = await encryptBundle(ARCHIVE, { recipients: [RECIPIENT] });
    expect(isEncrypted(encrypted)).toBe(true);
    expect(() => readArchive(encrypted)).toThrow(expect.objectContaining({ code: 'BUNDLE_ENCRYPTED' }));
  });

  test.each([
    { what: 'no recipient', lock: { recipients: [] }, code: 'BUNDLE_RECIPIENT_INVALID' },
    { what: 'text', lock: { recipients: ['alice'] }, code: 'BUNDLE_RECIPIENT_INVALID' },
    {
      what: 'a recipient with a typing error',
      lock: { recipients: [RECIPIENT.slice(0, -1)] },
      code: 'BUNDLE_RECIPIENT_INVALID',
    },
    { what: 'an SSH key', lock: { recipients: ['ssh-ed25519 AAAA'] }, code: 'BUNDLE_RECIPIENT_INVALID' },
    { what: 'a secret key', lock: { recipients: [IDENTITY] }, code: 'BUNDLE_RECIPIENT_INVALID' },
    { what: 'an empty passphrase', lock: { passphrase: '' }, code: 'BUNDLE_PASSPHRASE_INVALID' },
  ])('not for $what', async ({ lock, code }) => {
    await expect(encryptBundle(ARCHIVE, lock)).rejects.toMatchObject({ code });
  });

  test.each([IDENTITY, IDENTITY.toLowerCase(), ` ${IDENTITY}`, IDENTITY.slice(0, -1)])(
    'and never tells a secret key that was taken for a recipient: %#',
    async (text) => {
      const message = 'age cannot use a secret key';
      await expect(encryptBundle(ARCHIVE, { recipients: [text] })).rejects.toMatchObject({ message });
    },
  );
});

describe('decryptBundle', () => {
  test.each([
    ['empty', Buffer.alloc(0)],
    ['an archive', ARCHIVE],
    ['text', Buffer.from('-----BEGIN')],
  ])('refuses what is %s', async (_, bytes) => {
    await expect(decryptBundle(bytes, { identities: [IDENTITY] })).rejects.toMatchObject({
      code: 'BUNDLE_NOT_OPENED',
    });
  });

  test('refuses an archive that is damaged or cut', async () => {
    const encrypted = await encryptBundle(ARCHIVE, { recipients: [RECIPIENT] });
    const damaged = Buffer.from(encrypted);
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 1) ^ 1, damaged.length - 1);
    for (const bytes of [damaged, encrypted.subarray(0, -1), encrypted.subarray(0, 100)]) {
      await expect(decryptBundle(bytes, { identities: [IDENTITY] })).rejects.toMatchObject({
        code: 'BUNDLE_NOT_OPENED',
      });
    }
  });

  test('never repeats a mistyped secret', async () => {
    const secret = 'AGE-SECRET-KEY-1MISTYPED';
    const error: unknown = await decryptBundle(ARCHIVE, { identities: [secret] }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'BUNDLE_RECIPIENT_INVALID' });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('MISTYPED');
  });
});

describeNeeding(['age'], 'the stock age tool', () => {
  const folder = temporaryFolder();
  const identityFile = path.join(folder, 'identity');
  fs.writeFileSync(identityFile, `${IDENTITY}\n`, { mode: 0o600 });

  test('opens what was encrypted for a recipient', async () => {
    const input = await encryptBundle(ARCHIVE, { recipients: [OTHER_RECIPIENT, RECIPIENT] });
    expect(execFileSync('age', ['--decrypt', '-i', identityFile], { input })).toEqual(ARCHIVE);
  });

  test.each([[], ['--armor']])('encrypts for us, with %j', async (...flags) => {
    const args = ['--encrypt', ...flags, '-r', RECIPIENT];
    const encrypted = execFileSync('age', args, { input: ARCHIVE });
    expect(await decryptBundle(encrypted, { identities: [IDENTITY] })).toEqual(ARCHIVE);
  });

  test('opens what was encrypted with a passphrase, which it asks for on a terminal', async () => {
    const file = path.join(folder, 'a.age');
    fs.writeFileSync(file, await LOCKED);
    const out = path.join(folder, 'a.tar.gz');
    // script(1) gives it the terminal, and types.
    const input = 'correct horse\n';
    execFileSync('script', ['-qec', `age --decrypt -o '${out}' '${file}'`, '/dev/null'], {
      input,
      stdio: 'pipe',
    });
    expect(fs.readFileSync(out)).toEqual(ARCHIVE);
  });
});
